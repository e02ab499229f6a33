/**
 * The one file that knows the package which checks signatures of public keys.
 *
 * @module
 */

import {
  CompactSign,
  compactVerify,
  importJWK,
  importPKCS8,
  importSPKI,
  importX509,
} from "npm:jose@^6";
import type { PublicKeyAlgorithm, PublicKeyFields } from "./algorithm.ts";

/** Makes a key of the fields of a JSON Web Key. */
export async function importFields(
  fields: PublicKeyFields,
  algorithm: PublicKeyAlgorithm,
): Promise<CryptoKey> {
  return await importJWK({ ...fields }, algorithm) as CryptoKey;
}

/** Makes a key of a public key or a certificate in PEM. */
export function importPem(pem: string, algorithm: PublicKeyAlgorithm): Promise<CryptoKey> {
  return pem.includes("BEGIN CERTIFICATE")
    ? importX509(pem, algorithm)
    : importSPKI(pem, algorithm);
}

/** Makes a key of a private key in PEM (PKCS #8). */
export function importPrivatePem(pem: string, algorithm: PublicKeyAlgorithm): Promise<CryptoKey> {
  return importPKCS8(pem, algorithm);
}

/** Whether the token was signed with this key and algorithm. */
export async function isSignedWith(
  token: string,
  key: CryptoKey,
  algorithm: PublicKeyAlgorithm,
): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

/** Signs a payload; the answer is a token. */
export function signPayload(
  payload: Uint8Array,
  key: CryptoKey,
  header: { alg: PublicKeyAlgorithm; typ: string; kid?: string },
): Promise<string> {
  return new CompactSign(payload).setProtectedHeader(header).sign(key);
}
