/**
 * Requests of all kinds of nonsense: each is answered, and none with a fault of the gateway.
 *
 * @module
 */

import { assert } from "@std/assert";
import { seededRandom } from "../../core/testing/seeded_random.ts";
import { frameBytes } from "./protocol/frame.ts";
import { libraryMethod, stand } from "./testdata/library.ts";

const ROUNDS = 1_500;

const SEGMENTS = [
  "v1",
  "shelves",
  "books",
  "a",
  "%2F",
  "%00",
  "%FF",
  "%zz",
  "..",
  ".",
  "",
  "*",
  "**",
  "{name}",
]
  .concat([
    "b:archive",
    ":archive",
    "b:",
    "all",
    "any",
    "count",
    "sum",
    "echo",
    "files",
    "fail",
    "plain",
    "ü",
    "a b",
  ]);
const NAMES = [
  "name",
  "sizes",
  "kind",
  "deep",
  "filter",
  "filter.author.born",
  "filter.ts",
  "filter.loan",
]
  .concat([
    "filter.counts[a]",
    "filter.counts[a.b]",
    "filter.votes",
    "filter.lent",
    "filter.mask",
    "filter.extra",
  ])
  .concat([
    "filter.author",
    "filter.others",
    "filter.others.name",
    "filter.editors[a].name",
    "filter.scan",
    "from",
  ])
  .concat([
    "__proto__",
    "constructor",
    "filter.__proto__.x",
    "",
    ".",
    "..",
    "[]",
    "a[",
    "filter[",
    "filter.counts[]",
  ])
  .concat([
    "filter.snake_case_name",
    "filter.snakeCaseName",
    "filter.color",
    "filter.painter.name",
    "filter.price",
  ]);
const VALUES = [
  "",
  "1",
  "-1",
  "1e3",
  "9223372036854775808",
  "true",
  "TRUE",
  "NaN",
  "-Infinity",
  "1.5",
  "ATLAS",
  "7",
]
  .concat([
    "2026-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "1.5s",
    "-s",
    "%",
    "%ff",
    "%00",
    "a,b",
    "{}",
    "[1]",
    "null",
  ])
  .concat(["\ud800", "AA==", "*", "x".repeat(3_000)]);
const BODIES = [
  "",
  " ",
  "null",
  "{}",
  "[]",
  "1",
  '"a"',
  "{",
  "}",
  '{"title":1}',
  '{"title":"a"}{"title":"b"}',
  "\u0000",
]
  .concat([
    '{"__proto__":{"a":1}}',
    '{"author":[]}',
    '{"author":[{"name":"n"}]}',
    '{"counts":{"a":"b"}}',
    '{"kind":"NO"}',
  ])
  .concat([
    '{"ts":{}}',
    '{"extra":{"a":[1,{"b":null}]}}',
    '{"big":1e400}',
    '{"big":9007199254740993}',
    '{"price":-0}',
  ])
  .concat([
    '{"color":"a","painter":{}}',
    '{"scan":"*"}',
    '{"value":2147483648}',
    '{"snake_case_name":"a","snakeCaseName":"b"}',
  ])
  .concat([
    `{"extra":${"[".repeat(200)}${"]".repeat(200)}}`,
    '{"author":'.repeat(70) + "{}" + "}".repeat(70),
  ]);
const TYPES = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain",
]
  .concat([
    "multipart/form-data",
    "application/proto",
    "application/connect+json",
    "application/connect+proto",
  ])
  .concat([
    "application/grpc-web",
    "application/grpc-web-text",
    "application/grpc-web+json",
    "application/grpc",
    "",
    "a/b; charset=",
  ]);
const HEADERS: readonly (readonly [string, string])[] = [
  ["grpc-metadata-a", "b"],
  ["grpc-metadata-", "b"],
  ["grpc-metadata-a-bin", "***"],
  ["grpc-metadata-a-bin", "AA, AQ=="],
  ["grpc-metadata-te", "trailers"],
  ["grpc-metadata-grpc-status", "5"],
  ["grpc-metadata-ü", "x"],
  ["grpc-metadata-x", "\u00e9"],
  ["traceparent", "00-zz"],
  ["baggage", "=;,="],
  ["grpc-timeout", "1x"],
  ["grpc-timeout", "99999999H"],
  ["connect-timeout-ms", "-1"],
  ["connect-timeout-ms", "9999999999"],
  ["connect-protocol-version", "2"],
  ["connect-protocol-version", "1"],
  ["content-encoding", "gzip"],
  ["content-encoding", "br"],
  ["connect-content-encoding", "gzip"],
  ["accept", "text/event-stream"],
  ["accept-encoding", "nonsense"],
  ["x-token-bin", "?"],
  ["zeno-timeout-ms", "nonsense"],
];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE", "X-Y"];
const CALLS = ["Get", "Echo", "Fail", "CountUp", "Sum", "Chat", "Plain", "Send", "Nothing"];

class Chance {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** A body of bytes: noise, or a message that was cut or had bits flipped. */
function bytesOf(chance: Chance, whole: Uint8Array): Uint8Array<ArrayBuffer> {
  const kind = chance.below(4);
  if (kind === 0) return Uint8Array.from({ length: chance.below(40) }, () => chance.below(256));
  const bytes = Uint8Array.from(
    whole.subarray(0, kind === 1 ? chance.below(whole.length + 1) : undefined),
  );
  if (kind === 2 && bytes.length > 0) bytes[chance.below(bytes.length)]! ^= 1 << chance.below(8);
  return bytes;
}

function requestOf(chance: Chance, whole: Uint8Array): [url: string, init: RequestInit] {
  const isCall = chance.below(3) === 0;
  const path = isCall
    ? `/library.v1.Library/${chance.pick(CALLS)}`
    : "/" + Array.from({ length: chance.below(6) }, () => chance.pick(SEGMENTS)).join("/");
  const query = Array.from(
    { length: chance.below(4) },
    () => `${chance.pick(NAMES)}=${chance.pick(VALUES)}`,
  );
  if (isCall && chance.below(2) === 0) {
    query.push(
      "connect=v1",
      `encoding=${chance.pick(["json", "proto", "x"])}`,
      `message=${chance.pick(VALUES)}`,
    );
    query.push(
      `base64=${chance.below(2)}`,
      `compression=${chance.pick(["", "gzip", "identity", "br"])}`,
    );
  }
  const headers = new Headers({ "content-type": chance.pick(TYPES) });
  for (let count = chance.below(4); count > 0; count--) {
    try {
      headers.append(...chance.pick(HEADERS) as [string, string]);
    } catch {
      // Nobody can send it.
    }
  }
  const method = chance.pick(METHODS);
  let body: BodyInit | null = null;
  if (method !== "GET" && method !== "HEAD") {
    const kind = chance.below(3);
    if (kind === 0) body = chance.pick(BODIES);
    else if (kind === 1) body = bytesOf(chance, frameBytes(chance.below(2), whole));
    else body = bytesOf(chance, whole);
  }
  const url = `http://g${path}${query.length > 0 ? "?" + query.join("&") : ""}`;
  return [url, { method, headers: [...headers], body }];
}

Deno.test("gatewayRoutes() answers nonsense with what is wrong with it", async () => {
  const seed = Number(
    Deno.env.get("ZENO_TEST_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
  );
  console.log("seed", seed);
  const chance = new Chance(seed);
  await using gateway = await stand({
    mappings: ["POST", "GET", "PUT"].map((Method) => ({
      Method,
      Path: "/plain/:title",
      RpcPath: "library.v1.Library/Plain",
    })),
  }, { Middlewares: { Shedding: false, Breaker: false }, MaxBytes: 20_000 });
  const { input } = libraryMethod("Echo");
  const whole = input.encode(input.fromJson({
    title: "t",
    kind: "ATLAS",
    tags: ["a", "b"],
    author: { name: "n", born: "5" },
    counts: { a: 1 },
    extra: { a: [1, null] },
  }));
  const seen = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const request = requestOf(chance, whole);
    const response = await gateway.server.fetch(new Request(...request));
    await response.text();
    const { status } = response;
    seen.set(status, (seen.get(status) ?? 0) + 1);
    // A method that the service does not have is 501 in Connect's words.
    const isFine = status < 500 || status === 501;
    assert(isFine, `${status} for ${Deno.inspect(request, { depth: 5, strAbbreviateSize: 500 })}`);
  }
  assert([200, 400, 404, 405, 415].every((status) => seen.has(status)), Deno.inspect(seen));
  const faults = gateway.lines.records.filter(({ level, content }) =>
    level === "error" && !String(content).startsWith("[HTTP] 501")
  );
  assert(faults.length === 0, Deno.inspect(faults.slice(0, 3), { strAbbreviateSize: 300 }));
});
