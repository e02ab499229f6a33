/**
 * Encrypted answers.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { BodyTooLargeError } from "../../errors.ts";
import { readCapped } from "../read_body.ts";
import { encryptBody } from "./body_cipher.ts";
import { CONTENT_SECURITY_HEADER, type ContentSecurityHeader } from "./header.ts";

/** Options for {@link encryptAnswer}. */
export interface EncryptAnswerOptions {
  /** The method of the request. */
  method: string;
  /** Largest body in bytes. */
  maxBytes: number;
}

/** Statuses whose answers have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * Encrypts an answer. An empty one of type 1 stays empty; the status and the other headers go in the clear.
 *
 * @throws {ServiceError} With code `internal`, if the answer is too large or a stream of events, or the client's key has a
 * length that AES does not have. Rejects with it.
 */
export async function encryptAnswer(
  answer: Response,
  header: ContentSecurityHeader,
  { method, maxBytes }: EncryptAnswerOptions,
): Promise<Response> {
  if (method === "HEAD" || WITHOUT_BODY.has(answer.status)) return answer;
  const plain = await wholeBody(answer, maxBytes);
  if (plain.length === 0 && header.type === 1) return answer;
  const side = { answerTo: header.signature, status: answer.status };
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = await encryptBody(plain, header, side);
  } catch {
    throw new ServiceError("internal", "Cannot encrypt answer: the client's key is no AES key");
  }
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  if (header.type === 2) headers.set(CONTENT_SECURITY_HEADER, "type=2");
  return new Response(body, { status: answer.status, headers });
}

async function wholeBody(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.headers.get("content-type")?.startsWith("text/event-stream")) {
    await answer.body?.cancel();
    throw new ServiceError("internal", "Cannot encrypt answer: it is a stream of events");
  }
  try {
    return await readCapped(answer, maxBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    throw new ServiceError(
      "internal",
      `Cannot encrypt answer: it is larger than ${maxBytes} bytes`,
    );
  }
}
