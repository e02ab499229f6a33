/**
 * Errors of the chain, in the words of the protocol that the client speaks.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../../rest/context.ts";
import { NotFoundError } from "../../rest/errors.ts";
import { type ErrorFormatter, formatProblem } from "../../rest/response/problem.ts";
import { connectStreamFailure } from "./connect/connect_stream.ts";
import { connectFailure } from "./connect/connect_unary.ts";
import { connectType } from "./connect/content_type.ts";
import { grpcWebType } from "./grpc_web/content_type.ts";
import { grpcWebFailure } from "./grpc_web/grpc_web.ts";

/**
 * Makes the answer for what the chain refuses, such as a request that is shed: clients of gRPC-Web and Connect are told
 * in their own words, all others by problem+json. For `ServerOptions.formatError` of a server that is a gateway.
 */
export function formatGatewayError(error: ServiceError, context: Context): Response {
  return gatewayErrors(formatProblem)(error, context);
}

/** As {@link formatGatewayError}, with another format for plain HTTP. */
export function gatewayErrors(plain: ErrorFormatter): ErrorFormatter {
  return (error, context) => inWordsOf(context, error) ?? plain(error, context);
}

function inWordsOf({ request }: Context, error: ServiceError): Response | undefined {
  const headers = readable(request);
  if (!headers) return undefined;
  const contentType = headers.get("content-type");
  const web = grpcWebType(contentType);
  const told = toldError(error);
  if (web) return grpcWebFailure(told, web, { trailer: undefined });
  const type = connectType(contentType);
  if (type?.isStream) return connectStreamFailure(told, type.codec);
  const isConnect = headers.has("connect-protocol-version") ||
    request.method === "GET" && /[?&]connect=v1(?:&|$)/.test(request.url);
  return isConnect || type?.codec === "proto" ? connectFailure(told) : undefined;
}

/** A method that is not there is not implemented, and neither is a compression that nobody undoes. */
function toldError(error: ServiceError): ServiceError {
  const { message, httpStatus } = error;
  if (error instanceof NotFoundError) {
    return new ServiceError("unimplemented", message, { httpStatus });
  }
  return httpStatus === 415 ? new ServiceError("unimplemented", message) : error;
}

/** The headers, unless the request is gone. */
function readable(request: Request): Headers | undefined {
  try {
    request.headers.get("content-type");
    return request.headers;
  } catch {
    return undefined;
  }
}
