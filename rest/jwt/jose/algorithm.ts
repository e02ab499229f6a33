/**
 * The algorithms of public keys, and which keys each is for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 * @module
 */

/** The algorithms of public keys. None of a shared secret is among them, so no public key can pass for a secret. */
export type PublicKeyAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

interface KeyType {
  readonly kty: string;
  readonly crv?: string;
}

const RSA: KeyType = { kty: "RSA" };
const ED25519: KeyType = { kty: "OKP", crv: "Ed25519" };

const KEY_TYPES: Readonly<Record<PublicKeyAlgorithm, KeyType>> = {
  RS256: RSA,
  RS384: RSA,
  RS512: RSA,
  PS256: RSA,
  PS384: RSA,
  PS512: RSA,
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: ED25519,
  Ed25519: ED25519,
};

/** All algorithms of public keys. */
export const PUBLIC_KEY_ALGORITHMS: readonly PublicKeyAlgorithm[] = Object.keys(
  KEY_TYPES,
) as PublicKeyAlgorithm[];

/** A JSON Web Key, as far as it is of interest. Anything private in it is left out before use. */
export interface JsonWebKeyInput {
  /** The family of the key: `RSA`, `EC` or `OKP`. Any other is passed over. */
  readonly kty?: string;
  /** The name of the key. */
  readonly kid?: string;
  /** The only algorithm that the key may be used with. */
  readonly alg?: string;
  /** What the key is for; a key for `enc` is passed over. */
  readonly use?: string;
  /** What the key may do; one that may not `verify` is passed over. */
  readonly key_ops?: readonly string[];
  /** The curve, of `EC` and `OKP`. */
  readonly crv?: string;
  /** A coordinate, of `EC` and `OKP`. */
  readonly x?: string;
  /** A coordinate, of `EC`. */
  readonly y?: string;
  /** The modulus, of `RSA`. */
  readonly n?: string;
  /** The exponent, of `RSA`. */
  readonly e?: string;
}

/** What is public of a key, and nothing else. */
export type PublicKeyFields = Pick<JsonWebKeyInput, "kty" | "crv" | "x" | "y" | "n" | "e">;

/** Whether `key` may be used to check what `algorithm` signed. */
export function isKeyFor(key: JsonWebKeyInput, algorithm: PublicKeyAlgorithm): boolean {
  const { kty, crv } = KEY_TYPES[algorithm];
  return key.kty === kty && (crv === undefined || key.crv === crv) &&
    (key.alg === undefined || key.alg === algorithm) &&
    (key.use === undefined || key.use === "sig") &&
    (key.key_ops === undefined || key.key_ops.includes("verify"));
}

/** The public part of a key. */
export function publicFields({ kty, crv, x, y, n, e }: JsonWebKeyInput): PublicKeyFields {
  return kty === "RSA" ? { kty, n, e } : kty === "EC" ? { kty, crv, x, y } : { kty, crv, x };
}
