/**
 * Streams against the packages for async iterables, and against the web stream of the platform. A call
 * moves a thousand items through the whole pipeline.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { Stream } from "@zeno/zeno/core/stream";
// @ts-types="./types/ix.d.ts"
import { from as ixFrom } from "npm:ix@7.0.0/asynciterable";
// @ts-types="./types/ix_operators.d.ts"
import {
  filter as ixFilter,
  flatMap as ixFlatMap,
  map as ixMap,
  take as ixTake,
} from "npm:ix@7.0.0/asynciterable/operators";
import * as si from "npm:streaming-iterables@8.0.1";
import { compare } from "./compare.ts";

const COUNT = 1_000;
const options = { rounds: 15, iterations: 200 };
async function* numbers() {
  for (let i = 0; i < COUNT; i++) yield i;
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const _item of items) seen++;
  return seen;
}

const increment = (n: number) => n + 1;
const even = (n: number) => n % 2 === 0;
const later = (n: number) => Promise.resolve(n + 1);

// As in a service some pipeline is always open. If none were while the engine collects garbage, it would
// forget the shapes of all their objects, and throw away the code that was compiled for them.
function* openPipelines() {
  const silent: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  yield Stream.from(silent).map(increment).filter(even)[Symbol.asyncIterator]();
  yield Stream.from(silent).map(later, { ordered: true })[Symbol.asyncIterator]();
  yield Stream.from(silent).head(400)[Symbol.asyncIterator]();
  yield Stream.from(silent).split(10)[Symbol.asyncIterator]();
  yield ixFrom(silent).pipe(ixMap(increment), ixFilter(even))[Symbol.asyncIterator]();
  yield ixFrom(silent).pipe(ixFlatMap(later, 16))[Symbol.asyncIterator]();
  yield ixFrom(silent).pipe(ixTake(400))[Symbol.asyncIterator]();
  yield si.filter(even, si.map(increment, silent))[Symbol.asyncIterator]();
  yield si.parallelMap(16, later, silent)[Symbol.asyncIterator]();
  yield si.take(400, silent)[Symbol.asyncIterator]();
  yield si.batch(10, silent)[Symbol.asyncIterator]();
}
const open = [...openPipelines()];
for (const pipeline of open) void pipeline.next();

function viaWebStream() {
  return ReadableStream.from(numbers())
    .pipeThrough(
      new TransformStream<number, number>({
        transform: (n, controller) => controller.enqueue(increment(n)),
      }),
    )
    .pipeThrough(
      new TransformStream<number, number>({
        transform: (n, controller) => even(n) ? controller.enqueue(n) : undefined,
      }),
    );
}

await compare(`map, filter: ${COUNT} items`, {
  "for await alone": () => count(numbers()),
  "zeno, one worker": () =>
    Stream.from(numbers).map(increment, { workers: 1 }).filter(even, { workers: 1 }).count(),
  "zeno, 16 workers": () => Stream.from(numbers).map(increment).filter(even).count(),
  "ix": () => count(ixFrom(numbers()).pipe(ixMap(increment), ixFilter(even))),
  "streaming-iterables": () => count(si.filter(even, si.map(increment, numbers()))),
  "web streams": () => count(viaWebStream()),
}, { ...options, baseline: "ix" });

await compare(`16 at once, asynchronous: ${COUNT} items`, {
  "zeno map": () => Stream.from(numbers).map(later).count(),
  "zeno map, in order": () => Stream.from(numbers).map(later, { ordered: true }).count(),
  "ix flatMap": () => count(ixFrom(numbers()).pipe(ixFlatMap(later, 16))),
  "streaming-iterables parallelMap": () => count(si.parallelMap(16, later, numbers())),
}, { ...options, baseline: "streaming-iterables parallelMap" });

await compare(`the first 400 of ${COUNT} items`, {
  "zeno head": () => Stream.from(numbers).head(400).count(),
  "ix take": () => count(ixFrom(numbers()).pipe(ixTake(400))),
  "streaming-iterables take": () => count(si.take(400, numbers())),
}, { ...options, baseline: "streaming-iterables take" });

await compare(`lists of 10: ${COUNT} items`, {
  "zeno split": () => Stream.from(numbers).split(10).count(),
  "streaming-iterables batch": () => count(si.batch(10, numbers())),
}, { ...options, baseline: "streaming-iterables batch" });
Deno.exit(0); // The open pipelines never end.
