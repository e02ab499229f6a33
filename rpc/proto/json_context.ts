/**
 * Where in JSON a conversion is, and how it is told to work.
 *
 * @module
 */

import { DecodeError } from "./errors.ts";
import type { JsonValue } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";
import { registryOf, type TypeRegistry } from "./registry.ts";

/** Messages inside one another, as on the wire. */
const MAX_DEPTH = 100;

/** Options for reading JSON. */
export interface FromJsonOptions {
  /** Whether fields and names of enums that the type does not know are skipped. @default {false} */
  ignoreUnknown?: boolean | undefined;
  /** Types that an `Any` may hold. @default {those that the file of the type can name} */
  registry?: TypeRegistry | undefined;
}

/** Options for writing JSON. */
export interface ToJsonOptions {
  /** Whether fields that are zero are written, but for those in oneofs. @default {false} */
  emitDefaults?: boolean | undefined;
  /** Whether fields are called as declared, `user_id`, and not `userId`. @default {false} */
  protoNames?: boolean | undefined;
  /** Whether enums are written as numbers. @default {false} */
  enumNumbers?: boolean | undefined;
  /** Types that an `Any` may hold. @default {those that the file of the type can name} */
  registry?: TypeRegistry | undefined;
}

/** A conversion of one message and those inside it. */
export class JsonContext<O extends FromJsonOptions | ToJsonOptions> {
  /** What the caller asked for. */
  readonly options: O;
  readonly #type: MessageType<object>;
  readonly #path: (string | number)[] = [];
  #depth = 0;

  /** Begins with a message of this type. */
  constructor(type: MessageType<object>, options: O) {
    this.#type = type;
    this.options = options;
  }

  /** Types that an `Any` may hold. */
  get registry(): TypeRegistry {
    return this.options.registry ?? registryOf(this.#type);
  }

  /** Steps into a field, or an element of a list or map. */
  enter(part: string | number): void {
    this.#path.push(part);
  }

  /** Steps out again. What throws does not come back, so it need not step out. */
  leave(): void {
    this.#path.pop();
  }

  /** Begins a message. */
  open(): void {
    if (++this.#depth > MAX_DEPTH) throw this.readFault(`messages more than ${MAX_DEPTH} deep`);
  }

  /** Ends a message. */
  close(): void {
    this.#depth--;
  }

  /** What is wrong with the JSON that is read. */
  readFault(problem: string): DecodeError {
    return new DecodeError(
      `Cannot read ${this.#type.typeName} from JSON: ${problem}${this.#place}`,
    );
  }

  /** What is wrong with the message that is written. */
  writeFault(problem: string): RangeError {
    return new RangeError(`Cannot write ${this.#type.typeName} as JSON: ${problem}${this.#place}`);
  }

  get #place(): string {
    if (this.#path.length === 0) return "";
    const path = this.#path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`);
    return ` at ${path.join("").replace(/^\./, "")}`;
  }
}

/** A reading. */
export class ReadContext extends JsonContext<FromJsonOptions> {
  /** Reads a message inside others. */
  readonly read: (type: MessageType<object>, value: JsonValue, context: ReadContext) => object;

  /** `read` reads a message of any type. */
  constructor(type: MessageType<object>, options: FromJsonOptions, read: ReadContext["read"]) {
    super(type, options);
    this.read = read;
  }
}

/** A writing. */
export class WriteContext extends JsonContext<ToJsonOptions> {
  /** Writes a message inside others. */
  readonly write: (type: MessageType<object>, message: object, context: WriteContext) => JsonValue;

  /** `write` writes a message of any type. */
  constructor(type: MessageType<object>, options: ToJsonOptions, write: WriteContext["write"]) {
    super(type, options);
    this.write = write;
  }
}
