/**
 * JSON Web Tokens of public keys: RS, PS, ES and EdDSA, with keys in PEM, as JSON Web Keys, or from a URL.
 *
 * @example
 * ```ts
 * import { json, Server } from "@zeno/zeno/rest";
 * import { authorize, claimsOf } from "@zeno/zeno/rest/jwt";
 * import { joseVerifier, pemKeys, signWithKey } from "@zeno/zeno/rest/jwt/jose";
 * import { generateKeyPairSync } from "node:crypto";
 * import { assertEquals } from "@std/assert";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
 *   publicKeyEncoding: { type: "spki", format: "pem" },
 *   privateKeyEncoding: { type: "pkcs8", format: "pem" },
 * });
 * // An issuer on the network: new RemoteKeys("https://issuer.example/.well-known/jwks.json")
 * const keys = await pemKeys([{ pem: publicKey, algorithm: "EdDSA" }]);
 * const verifier = joseVerifier({ keys, issuer: "https://issuer.example" });
 *
 * await using server = new Server({ Name: "me", Port: 0, Log: { Level: "severe" } });
 * server.get("/me", (_, context) => json(claimsOf(context)), {
 *   middleware: [authorize({ verifier })],
 * });
 * const claims = { sub: "42", iss: "https://issuer.example" };
 * const token = await signWithKey(claims, { privateKeyPem: privateKey, algorithm: "EdDSA" });
 * const headers = { authorization: `Bearer ${token}` };
 * const response = await server.fetch(new Request("http://localhost/me", { headers }));
 * assertEquals(await response.json(), claims);
 * ```
 *
 * @module
 */

export {
  type JsonWebKeyInput,
  PUBLIC_KEY_ALGORITHMS,
  type PublicKeyAlgorithm,
} from "./algorithm.ts";
export * from "./jose_verifier.ts";
export { KeyRing, type KeySource, type PemKey, pemKeys } from "./key_source.ts";
export * from "./remote_keys.ts";
