/**
 * The parameters of a signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-2.3
 * @module
 */

import type { BareItem, Parameters } from "../structured_field/types.ts";
import { MessageSignatureError } from "./errors.ts";

/** What a signature says of itself. */
export interface SignatureParameters {
  /** When it was made, in seconds since the Unix epoch. */
  readonly created: number | undefined;
  /** Until when it is good, in seconds since the Unix epoch. */
  readonly expires: number | undefined;
  /** What makes it unique. */
  readonly nonce: string | undefined;
  /** The algorithm it names. */
  readonly algorithm: string | undefined;
  /** The key it names. */
  readonly keyId: string | undefined;
  /** What it is for. */
  readonly tag: string | undefined;
}

/**
 * Reads the parameters of a signature; others than these are covered by it and say nothing here.
 *
 * @throws {MessageSignatureError} If one is of the wrong type.
 */
export function readParameters(parameters: Parameters): SignatureParameters {
  return {
    created: checked(parameters, "created", isInteger),
    expires: checked(parameters, "expires", isInteger),
    nonce: checked(parameters, "nonce", isText),
    algorithm: checked(parameters, "alg", isText),
    keyId: checked(parameters, "keyid", isText),
    tag: checked(parameters, "tag", isText),
  };
}

function checked<T extends BareItem>(
  parameters: Parameters,
  name: string,
  fits: (value: BareItem) => value is T,
): T | undefined {
  const value = parameters.get(name);
  if (value === undefined || fits(value)) return value;
  throw new MessageSignatureError("malformed", `its parameter ${name} is of the wrong type`);
}

function isInteger(value: BareItem): value is number {
  return typeof value === "number";
}

function isText(value: BareItem): value is string {
  return typeof value === "string";
}
