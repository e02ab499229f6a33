/**
 * The annotation `google.api.http` of a method.
 *
 * @module
 */

import { HttpRule } from "../../proto/google/api/http.gen.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { Reader } from "../../proto/reader.ts";

/** Number of the extension of `google.protobuf.MethodOptions`, with a length. */
const HTTP_TAG = (72295728 << 3 | 2) >>> 0;

/** The rule among the options of a descriptor that its message does not know. */
export function ruleInOptions(unknown: Uint8Array | undefined): HttpRule | undefined {
  if (unknown === undefined) return undefined;
  const reader = new Reader(unknown);
  const rule = HttpRule.create();
  let found = false;
  while (reader.more) {
    const tag = reader.tag();
    if (tag !== HTTP_TAG) {
      reader.skip(tag);
      continue;
    }
    found = true;
    // An option may come in several pieces, which are one message.
    const outer = reader.enter();
    HttpRule.read(rule, reader);
    reader.leave(outer);
  }
  return found ? rule : undefined;
}

/** The rule among the options that generated code has as plain data. */
export function ruleInData(options: Readonly<Record<string, unknown>> = {}): HttpRule | undefined {
  const data = options["google.api.http"];
  return data === undefined ? undefined : HttpRule.fromJson(data as JsonValue);
}
