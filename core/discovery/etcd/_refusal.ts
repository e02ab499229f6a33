/**
 * Answers of the gateway that say no.
 *
 * @module
 */

import { codeOfGrpcNumber, codeOfHttpStatus } from "../../errors.ts";
import { EtcdError } from "./errors.ts";
import { memberOf } from "./_wire.ts";

/** The error of an answer that is none. */
export async function refusal(response: Response, path: string): Promise<EtcdError> {
  const { status } = response;
  const text = await response.text();
  const answer = parseOrNothing(text);
  const number = memberOf(answer, "code");
  if (typeof number !== "number" && status === 404) {
    return new EtcdError(
      "unimplemented",
      `Cannot use etcd: it has no JSON gateway under /v3/${path}, need version 3.4 or later with ` +
        "--enable-grpc-gateway",
    );
  }
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
