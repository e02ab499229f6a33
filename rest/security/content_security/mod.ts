/**
 * Signed and encrypted requests, as clients of go-zero make them.
 *
 * A client encrypts a fresh key and the time for the server's RSA key, signs the request with that key, and sends both in
 * one header:
 *
 * ```text
 * X-Content-Security: key=<fingerprint>; secret=<base64>; signature=<base64>
 * secret    = RSAES-PKCS1-v1_5("version=v1; type=<0|1|2>; key=<base64>; time=<seconds>")
 * signature = HMAC-SHA-256(key, time LF method LF path LF query LF hex(SHA-256(body)))
 * ```
 *
 * The path is that of the request with its escapes decoded, the query is as it was sent, the body is what was sent.
 * Bodies may be encrypted with the same key, by `type`:
 *
 * | type | request | answer |
 * |---|---|---|
 * | 0 | plain | plain |
 * | 1 | base64 of AES-ECB with PKCS #7 | the same, if the request had a body |
 * | 2 | AES-GCM: nonce (12 bytes), ciphertext, tag (16 bytes) | the same, and the header `X-Content-Security: type=2` |
 *
 * The additional data of type 2 are the lines `request`, time; or `response`, time, signature of the request, status. A
 * go-zero server takes type 2 for plain.
 *
 * @example
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { contentSecurity, signRequest } from "@zeno/zeno/rest/security/content_security";
 * import { generateKeyPairSync } from "node:crypto";
 * import { assertEquals } from "@std/assert";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", {
 *   modulusLength: 2048,
 *   publicKeyEncoding: { type: "spki", format: "pem" },
 *   privateKeyEncoding: { type: "pkcs1", format: "pem" },
 * });
 * await using server = new Server({ Name: "pay", Port: 0, Log: { Level: "severe" } });
 * server.post("/pay", async (request) => new Response(`paid ${await request.text()}`), {
 *   middleware: [
 *     contentSecurity({ keys: [{ fingerprint: "2026", privateKeyPem: privateKey }], strict: true }),
 *   ],
 * });
 *
 * const plain = new Request("http://localhost/pay", { method: "POST", body: "7 EUR" });
 * const { request, readAnswer } = await signRequest(plain, {
 *   fingerprint: "2026",
 *   publicKeyPem: publicKey,
 *   type: 2,
 * });
 * const answer = await readAnswer(await server.fetch(request.clone()));
 * assertEquals(await answer.text(), "paid 7 EUR");
 * assertEquals((await server.fetch(request)).status, 403); // Once is enough.
 * ```
 *
 * What differs from go-zero, on purpose:
 *
 * - PATCH, HEAD and OPTIONS are checked too; {@link GO_ZERO_METHODS} leaves them out.
 * - A signature is accepted once. Clients that use one key for several requests of a second need `replay: false`.
 * - `X-Request-Uri` is believed only where `trustRequestUri` says so.
 * - Signatures are compared in constant time, and neither is ever logged.
 * - All refusals are answered alike (a 403 problem), and a secret that does not decrypt takes the same way as a wrong
 *   signature. The runtime's own RSA is not proof against those who can measure its time very exactly; new clients
 *   should sign as RFC 9421 says, for which there is `rest/security/message_signature`.
 * - The body is hashed within a limit, and one without a declared length is decrypted as any other.
 * - Errors of encrypted requests are encrypted too.
 *
 * @module
 */

export { formatAttributes, parseAttributes } from "./attribute_list.ts";
export type { BodyType } from "./body_cipher.ts";
export * from "./config.ts";
export { type ContentSecurityCode, ContentSecurityError } from "./errors.ts";
export * from "./middleware.ts";
export { type ReplayGuard } from "../replay_cache.ts";
export * from "./sign_request.ts";
