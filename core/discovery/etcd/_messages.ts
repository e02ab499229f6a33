/**
 * The messages of etcd, between JSON as its gateway has it and protocol buffers.
 *
 * @see https://github.com/etcd-io/etcd/blob/main/api/etcdserverpb/rpc.proto
 * @see https://protobuf.dev/programming-guides/encoding/
 * @module
 */

import { base64Of, bytesOf } from "./_wire.ts";

type Kind = "bytes" | "string" | "int64" | "bool" | "event_type" | Message;

/** The members of a message by their JSON names: number, kind, and whether there may be many. */
interface Message {
  readonly [name: string]: readonly [number: number, kind: Kind, isRepeated?: true];
}

/** A method of etcd. */
export interface EtcdMethod {
  /** Where it is served. */
  readonly path: string;
  readonly request: Message;
  readonly response: Message;
  /** Whether answers come one after the other. */
  readonly isStream?: true;
}

const header: Message = { revision: [3, "int64"] };
const keyValue: Message = {
  key: [1, "bytes"],
  mod_revision: [3, "int64"],
  value: [5, "bytes"],
  lease: [6, "int64"],
};
const range: Message = { key: [1, "bytes"], range_end: [2, "bytes"] };

/** The methods by their paths at the gateway. */
export const METHODS: Readonly<Record<string, EtcdMethod>> = {
  "kv/range": {
    path: "/etcdserverpb.KV/Range",
    request: {
      ...range,
      limit: [3, "int64"],
      keys_only: [8, "bool"],
      min_mod_revision: [10, "int64"],
    },
    response: { header: [1, header], kvs: [2, keyValue, true], count: [4, "int64"] },
  },
  "kv/put": {
    path: "/etcdserverpb.KV/Put",
    request: { key: [1, "bytes"], value: [2, "bytes"], lease: [3, "int64"] },
    response: { header: [1, header] },
  },
  "kv/deleterange": {
    path: "/etcdserverpb.KV/DeleteRange",
    request: range,
    response: { header: [1, header], deleted: [2, "int64"] },
  },
  "lease/grant": {
    path: "/etcdserverpb.Lease/LeaseGrant",
    request: { TTL: [1, "int64"] },
    response: { header: [1, header], ID: [2, "int64"], TTL: [3, "int64"] },
  },
  "lease/revoke": {
    path: "/etcdserverpb.Lease/LeaseRevoke",
    request: { ID: [1, "int64"] },
    response: { header: [1, header] },
  },
  "lease/keepalive": {
    path: "/etcdserverpb.Lease/LeaseKeepAlive",
    request: { ID: [1, "int64"] },
    response: { header: [1, header], ID: [2, "int64"], TTL: [3, "int64"] },
    isStream: true,
  },
  watch: {
    path: "/etcdserverpb.Watch/Watch",
    request: { create_request: [1, { ...range, start_revision: [3, "int64"] }] },
    response: {
      header: [1, header],
      created: [3, "bool"],
      canceled: [4, "bool"],
      compact_revision: [5, "int64"],
      cancel_reason: [6, "string"],
      events: [11, { type: [1, "event_type"], kv: [2, keyValue] }, true],
    },
    isStream: true,
  },
  "auth/authenticate": {
    path: "/etcdserverpb.Auth/Authenticate",
    request: { name: [1, "string"], password: [2, "string"] },
    response: { header: [1, header], token: [2, "string"] },
  },
};

/** A message as bytes. What it has no place for is left out. */
export function encodeMessage(
  message: Message,
  value: Readonly<Record<string, unknown>>,
): Uint8Array {
  const out: number[] = [];
  for (const [name, [number, kind]] of Object.entries(message)) {
    const member = value[name];
    if (member === undefined) continue;
    const isVarint = kind === "int64" || kind === "bool" || kind === "event_type";
    pushVarint(out, BigInt(number << 3 | (isVarint ? 0 : 2)));
    if (isVarint) pushVarint(out, BigInt.asUintN(64, BigInt(member as string | boolean)));
    else {
      const bytes = encodeMember(kind, member);
      pushVarint(out, BigInt(bytes.length));
      for (const byte of bytes) out.push(byte);
    }
  }
  return new Uint8Array(out);
}

function encodeMember(kind: Kind, member: unknown): Uint8Array {
  if (kind === "bytes") return bytesOf(String(member));
  if (kind === "string") return new TextEncoder().encode(String(member));
  return encodeMessage(kind as Message, member as Readonly<Record<string, unknown>>);
}

function pushVarint(out: number[], value: bigint): void {
  for (; value > 0x7fn; value >>= 7n) out.push(Number(value & 0x7fn) | 0x80);
  out.push(Number(value));
}

/**
 * Bytes as a message. What is not known is skipped.
 *
 * @throws {SyntaxError} If the bytes end too soon.
 */
export function decodeMessage(message: Message, bytes: Uint8Array): Record<string, unknown> {
  const names = new Map(Object.entries(message).map(([name, [number]]) => [number, name]));
  const value: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const name = names.get(tag >>> 3);
    const content = reader.content(tag & 7);
    if (name === undefined || content === undefined) continue;
    const [, kind, isRepeated] = message[name]!;
    const member = decodeMember(kind, content);
    if (isRepeated) value[name] = [...value[name] as unknown[] ?? [], member];
    else value[name] = member;
  }
  return value;
}

function decodeMember(kind: Kind, content: bigint | Uint8Array): unknown {
  if (typeof content === "bigint") {
    if (kind === "bool") return content !== 0n;
    if (kind === "event_type") return content === 1n ? "DELETE" : "PUT";
    return String(BigInt.asIntN(64, content));
  }
  if (kind === "bytes") return base64Of(content);
  if (kind === "string") return new TextDecoder().decode(content);
  return typeof kind === "object" ? decodeMessage(kind, content) : undefined;
}

/** Reads what messages are made of. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new SyntaxError("a number of the message has no end");
  }

  /** What follows a tag; nothing for kinds that etcd does not use. */
  content(wireType: number): bigint | Uint8Array | undefined {
    if (wireType === 0) return this.varint();
    if (wireType === 2) return this.#take(Number(this.varint()));
    if (wireType !== 1 && wireType !== 5) throw new SyntaxError("the message has an unknown part");
    this.#take(wireType === 1 ? 8 : 4);
    return undefined;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new SyntaxError("the message ends too soon");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
