/**
 * Messages of Google's `.proto` files: the well-known types, descriptors, HTTP annotations, status and
 * error details.
 *
 * @example Greetings may carry when they were said
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Timestamp } from "@zeno/zeno/rpc/proto/google";
 *
 * const time = Timestamp.fromJson("2026-02-03T04:05:06.5Z");
 * assertEquals(time.nanos, 500_000_000);
 * assertEquals(Timestamp.decode(Timestamp.encode(time)), time);
 * ```
 *
 * @module
 */

export * from "./api/annotations.gen.ts";
export * from "./api/field_behavior.gen.ts";
export * from "./api/http.gen.ts";
export * from "./api/httpbody.gen.ts";
export * from "./protobuf/any.gen.ts";
export * from "./protobuf/api.gen.ts";
export * from "./protobuf/descriptor.gen.ts";
export * from "./protobuf/duration.gen.ts";
export * from "./protobuf/empty.gen.ts";
export * from "./protobuf/field_mask.gen.ts";
export * from "./protobuf/source_context.gen.ts";
export * from "./protobuf/struct.gen.ts";
export * from "./protobuf/timestamp.gen.ts";
export * from "./protobuf/type.gen.ts";
export * from "./protobuf/wrappers.gen.ts";
export * from "./rpc/code.gen.ts";
export * from "./rpc/error_details.gen.ts";
export * from "./rpc/status.gen.ts";
export { packAny, unpackAny } from "../any.ts";
export { dateOf, durationOf, msOf, timestampOf } from "../time.ts";
export type {
  EnumType,
  FieldInfo,
  FieldType,
  FileInfo,
  FromJsonOptions,
  JsonObject,
  JsonValue,
  Keeper,
  MessageType,
  Reader,
  ScalarType,
  ToJsonOptions,
  TypeRegistry,
  Writer,
} from "../mod.ts";
