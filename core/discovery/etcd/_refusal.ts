/**
 * Answers of the gateway that say no.
 *
 * @module
 */

import { codeOfGrpcNumber, codeOfHttpStatus } from "../../errors.ts";
import { EtcdError } from "./errors.ts";
import { memberOf } from "./_wire.ts";

/** Thrown when it is the gateway that refuses; over gRPC the same may be granted. */
export class GatewayRefusal extends EtcdError {
  /** Makes an error. */
  constructor(message: string) {
    super("unimplemented", message);
    this.name = "GatewayRefusal";
  }
}

/** What a member says that wants names of certificates and passwords, which the gateway cannot have both. */
const NAMED = "CommonName of client sending a request against gateway";

/** The error of an answer that is none. */
export async function refusal(response: Response, path: string): Promise<EtcdError> {
  const { status } = response;
  const text = await response.text();
  const answer = parseOrNothing(text);
  const number = memberOf(answer, "code");
  if (typeof number !== "number" && status === 404) {
    return new GatewayRefusal(
      `Cannot use etcd: it has no JSON gateway under /v3/${path}, need version 3.4 or later with ` +
        "--enable-grpc-gateway",
    );
  }
  if (text.startsWith(NAMED)) return new GatewayRefusal(`Cannot use etcd: ${text.trim()}`);
  const words = memberOf(answer, "message") ?? memberOf(answer, "error") ?? text.slice(0, 200);
  const code = typeof number === "number" ? codeOfGrpcNumber(number) : codeOfHttpStatus(status);
  return new EtcdError(code, `Cannot use etcd: ${words}`);
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
