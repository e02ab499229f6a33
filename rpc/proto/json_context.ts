/**
 * How a conversion to or from JSON is told to work, and what it says when it cannot.
 *
 * @module
 */

import type { MessageType } from "./message_type.ts";
import { registryOf, type TypeRegistry } from "./registry.ts";

/** Messages inside one another, as on the wire: the outermost one is in no other. */
const MAX_DEPTH = 100;

/** Options for reading JSON. */
export interface FromJsonOptions {
  /** Whether fields and names of enums that the type does not know are skipped. @default {false} */
  ignoreUnknown?: boolean | undefined;
  /**
   * Whether more is taken than proto3 takes, as gateways do: fields that the type does not know are skipped, but names of
   * enums are not; a list for a single value is its last element, a single value for a list a list of one; booleans and the
   * numbers of enums may be text.
   * @default {false}
   */
  lenient?: boolean | undefined;
  /** Types that an `Any` may hold. @default {those that the file of the type can name} */
  registry?: TypeRegistry | undefined;
}

/** Options for writing JSON. */
export interface ToJsonOptions {
  /** Whether fields that are zero are written, but for those in oneofs. @default {false} */
  emitDefaults?: boolean | undefined;
  /** Whether messages that are not set are written, as `null`, but for those in oneofs. @default {false} */
  emitNulls?: boolean | undefined;
  /** Whether fields are called as declared, `user_id`, and not `userId`. @default {false} */
  protoNames?: boolean | undefined;
  /** Whether enums are written as numbers. @default {false} */
  enumNumbers?: boolean | undefined;
  /** Types that an `Any` may hold. @default {those that the file of the type can name} */
  registry?: TypeRegistry | undefined;
}

/** What is wrong, and where; the conversion makes it an error that names the type. */
export class JsonFault extends Error {
  /** Fields, indexes and keys that lead to the place, outermost first. */
  readonly path: (string | number)[] = [];

  /** What is wrong and where, as the end of a sentence. */
  get told(): string {
    if (this.path.length === 0) return this.message;
    const parts = this.path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`);
    return `${this.message} at ${parts.join("").replace(/^\./, "")}`;
  }
}

/** What was thrown within a field, an element or the value of a key, now that this is known. */
export function within(thrown: unknown, part: string | number): unknown {
  if (thrown instanceof JsonFault) thrown.path.unshift(part);
  return thrown;
}

/** A conversion of one message and those inside it. */
export class JsonContext {
  /** The type of the outermost message. */
  readonly type: MessageType<object>;
  /** Types that an `Any` may hold, if the caller says so. */
  readonly given: TypeRegistry | undefined;
  /** Messages around the place where the conversion is. */
  depth = 0;

  /** Begins with a message of this type. */
  constructor(type: MessageType<object>, given: TypeRegistry | undefined) {
    this.type = type;
    this.given = given;
  }

  /** Types that an `Any` may hold. */
  get registry(): TypeRegistry {
    return this.given ?? registryOf(this.type);
  }

  /** Begins a message. */
  open(): void {
    if (this.depth++ > MAX_DEPTH) throw new JsonFault(`messages more than ${MAX_DEPTH} deep`);
  }

  /** Ends a message. What throws does not come back, so it need not. */
  close(): void {
    this.depth--;
  }
}
