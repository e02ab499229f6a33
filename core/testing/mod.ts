/**
 * Doubles for tests: a clock that stands still until told, a logger that remembers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 *
 * const clock = new FakeClock();
 * const slept = clock.sleep(60_000);
 * await clock.advance(60_000);
 * await slept;
 * assertEquals(clock.now(), 60_000);
 * ```
 *
 * @module
 */

export * from "./fake_clock.ts";
export * from "./memory_log.ts";
export * from "./span_recorder.ts";
