/**
 * What a call is, apart from the values that go with it.
 *
 * @module
 */

import type { Schema } from "../../core/schema/field.ts";
import type { ObjectSchema } from "../../core/schema/object.ts";

/**
 * A method and a path of a service, with what goes there and what comes back. Made once, used for every
 * call.
 */
export interface ClientRoute<Req = void, Res = void> {
  /** The HTTP method, in upper case. */
  readonly method: string;
  /** The path, beginning with `/`; a segment that begins with `:` is a variable. */
  readonly path: string;
  /** Describes the request: each field goes to the part that it names first. Without it nothing goes along. */
  readonly request?: ObjectSchema<Req> | undefined;
  /** Describes the answer: JSON and headers. Without it the answer is not looked at. */
  readonly response?: Schema<Res> | undefined;
  /**
   * Whether it does no harm to carry the call out twice.
   * @default {true for GET, HEAD, OPTIONS, TRACE, PUT and DELETE}
   */
  readonly idempotent?: boolean | undefined;
}

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Whether HTTP says that a method can be carried out twice. */
export function isIdempotentMethod(method: string): boolean {
  return IDEMPOTENT.has(method);
}
