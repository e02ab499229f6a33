/**
 * A service of every kind of method, for tests and benches.
 *
 * @module
 */

import type { MessageType, MethodInfo, MethodKind, ServiceInfo } from "../method.ts";
import { field } from "../proto/field.ts";
import { messageType } from "../proto/message_type.ts";

/** What the methods take and give. */
export interface Echo {
  /** Some text. */
  text: string;
  /** Some number. */
  number: number;
  /** Some bytes. */
  payload: Uint8Array;
}

const EMPTY = new Uint8Array();

/** The message type of {@link Echo}: `string text = 1; int32 number = 2; bytes payload = 3`. */
export const echoMessage: MessageType<Echo> = messageType<Echo>({
  typeName: "zeno.testing.Echo",
  fields: () => [
    field(1, "text", "string"),
    field(2, "number", "int32"),
    field(3, "payload", "bytes"),
  ],
  create: () => ({ text: "", number: 0, payload: EMPTY }),
  write({ text, number, payload }, writer) {
    if (text !== "") writer.tag(0x0a).string(text);
    if (number !== 0) writer.tag(0x10).int32(number);
    if (payload.length > 0) writer.tag(0x1a).bytes(payload);
  },
  read(message, reader) {
    while (reader.more) {
      const tag = reader.tag();
      if (tag === 0x0a) message.text = reader.string();
      else if (tag === 0x10) message.number = reader.int32();
      else if (tag === 0x1a) message.payload = reader.bytes();
      else reader.skip(tag);
    }
    return message;
  },
});

function method<K extends MethodKind>(
  name: string,
  kind: K,
  idempotency?: "idempotent",
): MethodInfo<Echo, Echo, K> {
  const path = `/zeno.testing.EchoService/${name}`;
  return { name, path, kind, input: echoMessage, output: echoMessage, idempotency };
}

/** The methods of {@link echoService}. */
export type EchoMethods = {
  /** Gives back what it gets. */
  readonly say: MethodInfo<Echo, Echo, "unary">;
  /** As `say`, and may be called twice. */
  readonly look: MethodInfo<Echo, Echo, "unary">;
  /** Counts to `number`. */
  readonly count: MethodInfo<Echo, Echo, "server_stream">;
  /** Adds numbers up. */
  readonly sum: MethodInfo<Echo, Echo, "client_stream">;
  /** Gives back each message. */
  readonly chat: MethodInfo<Echo, Echo, "bidi_stream">;
};

/** The service. */
export const echoService: ServiceInfo<EchoMethods> = {
  typeName: "zeno.testing.EchoService",
  methods: {
    say: method("Say", "unary"),
    look: method("Look", "unary", "idempotent"),
    count: method("Count", "server_stream"),
    sum: method("Sum", "client_stream"),
    chat: method("Chat", "bidi_stream"),
  },
};

/** An {@link Echo} with this text and number. */
export function echo(text: string, number: number = 0): Echo {
  return { text, number, payload: EMPTY };
}
