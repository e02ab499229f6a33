/**
 * Keys, values and numbers as etcd's JSON has them.
 *
 * @see https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
 * @module
 */

import type { EtcdEntry, EtcdEvent, KeyRange } from "./client.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes as base64. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Text as the base64 of its UTF-8. */
export function encodeText(text: string): string {
  return base64Of(encoder.encode(text));
}

/** The bytes that this is in base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** The text whose UTF-8 this is in base64; empty if there is none. */
export function decodeText(base64: unknown): string {
  return typeof base64 === "string" ? decoder.decode(bytesOf(base64)) : "";
}

/** A number that JSON has as text, or not at all if it is zero. */
export function bigintOf(value: unknown): bigint {
  return typeof value === "string" || typeof value === "number" ? BigInt(value) : 0n;
}

/** The first key after all that begin with `prefix`; a zero byte, which etcd takes as "to the end", if there is none. */
export function prefixEnd(prefix: string): Uint8Array {
  const bytes = encoder.encode(prefix);
  for (let i = bytes.length - 1; i >= 0; i--) {
    if (bytes[i]! === 0xff) continue;
    const end = bytes.slice(0, i + 1);
    end[i] = end[i]! + 1;
    return end;
  }
  return new Uint8Array([0]);
}

/** The members that say which keys are meant. */
export function rangeMembers(range: KeyRange): { key: string; range_end?: string } {
  const key = encodeText(range.key);
  return range.prefix ? { key, range_end: base64Of(prefixEnd(range.key)) } : { key };
}

/** A member of an object of unknown shape. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A key with what is known of it. */
export function entryOf(kv: unknown): EtcdEntry {
  return {
    key: decodeText(memberOf(kv, "key")),
    value: decodeText(memberOf(kv, "value")),
    modRevision: bigintOf(memberOf(kv, "mod_revision")),
    lease: String(bigintOf(memberOf(kv, "lease"))),
  };
}

/** A list member, empty if it is not there. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

/** A change. A put is what has no type: zero values are left out. */
export function eventOf(event: unknown): EtcdEvent {
  const isDelete = memberOf(event, "type") === "DELETE";
  return { type: isDelete ? "delete" : "put", entry: entryOf(memberOf(event, "kv")) };
}
