/**
 * Signed requests as a configuration file describes them.
 *
 * @module
 */

import { CodecError } from "../../../core/codec/errors.ts";
import type { Middleware } from "../../handler.ts";
import { contentSecurity, type ContentSecurityOptions } from "./middleware.ts";

/** The section `Signature` of a service's configuration. */
export interface SignatureSection {
  /** Whether a request without a valid signature is refused. */
  readonly Strict: boolean;
  /** How far a request's time may be off, in ms. */
  readonly Expiry: number;
  /** The keys. */
  readonly PrivateKeys: readonly {
    /** What clients call the key. */
    readonly Fingerprint: string;
    /** Path of the private key, PEM. */
    readonly KeyFile: string;
  }[];
}

/**
 * Makes {@link contentSecurity} of the section `Signature`. The files of the keys are read at once, so a service that
 * lacks one does not start. Nor does one that lacks the section: what asks for signatures must not go without them in
 * silence. A section without keys that is not strict checks nothing.
 *
 * @param more Options that the section does not have.
 * @throws {TypeError} If a file cannot be read or holds no RSA key; the message names the file and nothing in it. Also if
 * there is no section, or it is strict and there are no keys.
 */
export function signatureFromConfig(
  section: SignatureSection | undefined,
  more: Omit<ContentSecurityOptions, "keys" | "strict" | "toleranceMs"> = {},
): Middleware {
  if (!section) {
    throw new TypeError(
      "Cannot check signatures: the configuration has no section Signature; give it one with PrivateKeys",
    );
  }
  const keys = section.PrivateKeys.map(({ Fingerprint, KeyFile }) => {
    const key = { fingerprint: Fingerprint, privateKeyPem: readKey(KeyFile) };
    explainFault(KeyFile, () => contentSecurity({ keys: [key] }));
    return key;
  });
  const { Strict: strict, Expiry: toleranceMs } = section;
  return contentSecurity({ ...more, keys, strict, toleranceMs });
}

function readKey(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.name : "unknown";
    throw new TypeError(`Cannot read Signature.PrivateKeys: ${path}: ${why}`, { cause: error });
  }
}

function explainFault(path: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    // Not with the cause: it may quote the key.
    throw new TypeError(
      `Cannot read Signature.PrivateKeys: ${path}: it is no RSA private key in PEM`,
    );
  }
}
