/**
 * HTTP message signatures of RFC 9421, with the digests of RFC 9530.
 *
 * A signature covers what it names: parts of the target, header fields, and by its digest the body. The receiver says what
 * must be covered, which keys there are, how old a signature may be, and remembers those it has seen.
 *
 * @example
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import {
 *   messageSignature,
 *   MessageSigningKey,
 *   MessageVerifyingKey,
 *   signMessage,
 *   verifiedSignature,
 * } from "@zeno/zeno/rest/security/message_signature";
 * import { generateKeyPairSync } from "node:crypto";
 * import { assertEquals } from "@std/assert";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
 *   publicKeyEncoding: { type: "spki", format: "pem" },
 *   privateKeyEncoding: { type: "pkcs8", format: "pem" },
 * });
 * const known = new MessageVerifyingKey({ id: "shop", algorithm: "ed25519", publicKeyPem: publicKey });
 *
 * await using server = new Server({ Name: "pay", Port: 0, Log: { Level: "severe" } });
 * server.post("/pay", (_, context) => new Response(`hello ${verifiedSignature(context)?.keyId}`), {
 *   middleware: [messageSignature({ keys: [known] })],
 * });
 *
 * const key = new MessageSigningKey({ id: "shop", algorithm: "ed25519", privateKeyPem: privateKey });
 * const plain = new Request("http://localhost/pay", { method: "POST", body: "7 EUR" });
 * const request = await signMessage(plain, { key });
 * assertEquals(await (await server.fetch(request.clone())).text(), "hello shop");
 * assertEquals((await server.fetch(request)).status, 401); // Once is enough.
 * ```
 *
 * Not supported are the parameters `bs` and `tr`, since neither separate lines of one field nor trailers can be seen
 * through the platform's requests. A signature that uses them is refused.
 *
 * @module
 */

export {
  type KeyPairAlgorithm,
  type MessageAlgorithm,
  MessageSigningKey,
  MessageVerifyingKey,
  type PrivateKeyOptions,
  type PublicKeyOptions,
  type SharedKeyOptions,
} from "./algorithm.ts";
export { type FindKey, type SignatureRules, type VerifiedSignature } from "./check_message.ts";
export * from "./content_digest.ts";
export * from "./errors.ts";
export * from "./middleware.ts";
export type { SignatureParameters } from "./parameters.ts";
export { type ReplayGuard } from "../replay_cache.ts";
export * from "./sign.ts";
export { verifyMessage, type VerifyMessageOptions } from "./verify.ts";
