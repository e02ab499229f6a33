/**
 * The routes by which clients of Connect and gRPC-Web call a method.
 *
 * @module
 */

import type { Handler } from "../../rest/handler.ts";
import type { Route } from "../../rest/route.ts";
import { answerConnectStream } from "./connect/connect_stream.ts";
import { answerConnectGet, answerConnectUnary } from "./connect/connect_unary.ts";
import { connectType } from "./connect/content_type.ts";
import { grpcWebType } from "./grpc_web/content_type.ts";
import { answerGrpcWeb } from "./grpc_web/grpc_web.ts";
import type { Target } from "./method.ts";
import type { GatewayRouteOptions } from "./options.ts";

/** The routes of a method: POST, and GET too for one that changes nothing and has one message each way. */
export function protocolRoutes(target: Target, options: GatewayRouteOptions): Route[] {
  const { connect = true, grpcWeb = true } = options;
  const { path, kind, idempotency } = target.method;
  const routes: Route[] = [];
  if (connect || grpcWeb) {
    routes.push({ method: "POST", path, handler: postHandler(target, options) });
  }
  if (connect && kind === "unary" && idempotency === "no_side_effects") {
    const handler: Handler = (_request, context) => answerConnectGet(target, context, options);
    routes.push({ method: "GET", path, handler });
  }
  return routes;
}

function postHandler(target: Target, options: GatewayRouteOptions): Handler {
  const { connect = true, grpcWeb = true } = options;
  const isUnary = target.method.kind === "unary";
  const accepted = acceptedTypes(isUnary, options);
  return (request, context) => {
    const contentType = request.headers.get("content-type");
    const web = grpcWeb ? grpcWebType(contentType) : undefined;
    if (web) return answerGrpcWeb(target, web, context, options);
    const type = connect ? connectType(contentType) : undefined;
    if (type && type.isStream !== isUnary) {
      const answer = isUnary ? answerConnectUnary : answerConnectStream;
      return answer(target, type.codec, context, options);
    }
    return new Response(null, { status: 415, headers: { "accept-post": accepted } });
  };
}

function acceptedTypes(isUnary: boolean, options: GatewayRouteOptions): string {
  const { connect = true, grpcWeb = true } = options;
  const prefix = isUnary ? "application/" : "application/connect+";
  const types = connect ? [`${prefix}proto`, `${prefix}json`] : [];
  if (grpcWeb) types.push("application/grpc-web", "application/grpc-web-text");
  return types.join(", ");
}
