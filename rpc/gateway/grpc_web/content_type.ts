/**
 * Content types of gRPC-Web.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 * @module
 */

import type { CodecName } from "../protocol/message_codec.ts";

/** What a content type says. */
export interface GrpcWebType {
  /** As it was sent, without parameters: answers have the same. */
  readonly contentType: string;
  /** Whether the body is base64. */
  readonly isText: boolean;
  /** How messages are written. */
  readonly codec: CodecName;
}

/** Reads a content type; `undefined` if it is not of gRPC-Web. */
export function grpcWebType(contentType: string | null): GrpcWebType | undefined {
  const type = (contentType ?? "").split(";")[0]!.trim().toLowerCase();
  const [, text, codec] = /^application\/grpc-web(-text)?(?:\+(proto|json))?$/.exec(type) ?? [];
  if (!type.startsWith("application/grpc-web")) return undefined;
  if (text === undefined && codec === undefined && type !== "application/grpc-web") {
    return undefined;
  }
  return {
    contentType: type,
    isText: text !== undefined,
    codec: codec === "json" ? "json" : "proto",
  };
}
