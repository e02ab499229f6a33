/**
 * Content types of the Connect protocol.
 *
 * @module
 */

import type { CodecName } from "../protocol/message_codec.ts";

/** What a content type says. */
export interface ConnectType {
  /** Whether there are frames, and not one message. */
  readonly isStream: boolean;
  /** How messages are written. */
  readonly codec: CodecName;
}

/** Reads a content type; `undefined` if it is not of the protocol. */
export function connectType(contentType: string | null): ConnectType | undefined {
  const match = /^application\/(connect\+)?(proto|json)\s*(?:;|$)/i.exec(contentType ?? "");
  if (!match) return undefined;
  const codec = match[2]!.toLowerCase() === "json" ? "json" : "proto";
  return { isStream: match[1] !== undefined, codec };
}
