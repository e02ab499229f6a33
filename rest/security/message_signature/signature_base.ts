/**
 * The text that is signed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-2.5
 * @module
 */

import { serializeInnerList, serializeItem } from "../structured_field/serialize.ts";
import type { InnerList } from "../structured_field/types.ts";
import { componentValue, isComponent, type SignedMessage } from "./component.ts";
import { MessageSignatureError } from "./errors.ts";

/**
 * Makes the text that is signed: a line for each component that is covered, and one for the parameters.
 *
 * @throws {MessageSignatureError} If a component has no value in this message, or is covered twice.
 */
export function signatureBase(input: InnerList, signed: SignedMessage): string {
  const seen = new Set<string>();
  let base = "";
  for (const component of input.items) {
    const id = serializeItem(component);
    if (!isComponent(component) || seen.has(id)) {
      throw new MessageSignatureError("malformed", `it cannot cover ${id}`);
    }
    seen.add(id);
    base += `${id}: ${componentValue(component, signed)}\n`;
  }
  return `${base}"@signature-params": ${serializeInnerList(input)}`;
}
