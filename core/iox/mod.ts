/**
 * A look at what passes through a stream, without holding it up.
 *
 * What the platform has is not here: two readers of one stream are `stream.tee()`, a copy to a writer
 * `stream.tee()` and `pipeTo()`, lines `TextLineStream` of `@std/streams`, and exactly `n` bytes
 * `stream.getReader({ mode: "byob" }).read(view, { min: n })`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordPrefix } from "@zeno/zeno/core/iox";
 *
 * const { stream, prefix } = recordPrefix(new Blob(["a long body"]).stream(), 6);
 * assertEquals(await new Response(stream).text(), "a long body");
 * assertEquals(new TextDecoder().decode(prefix()), "a long");
 * ```
 *
 * @module
 */

export { type RecordedStream, recordPrefix } from "./record_prefix.ts";
