/**
 * Attacks by frames of HTTP/2, which `Deno.serve` speaks without TLS too and `node:http` does not.
 *
 * @see CVE-2023-44487 (rapid reset), CVE-2024-27316 (continuation flood), CVE-2019-9512 to 9518.
 */
import { assert, assertEquals } from "@std/assert";
import {
  fieldBlock,
  FLAG,
  frame,
  framesIn,
  joined,
  literal,
  preface,
  TYPE,
} from "./testdata/h2_frames.ts";
import { send } from "./testdata/raw_client.ts";
import { Target } from "./testdata/target.ts";

type Field = readonly [name: string, value: string];

function get(stream: number, path = "/alive", extra: readonly Field[] = []) {
  return frame(
    TYPE.headers,
    FLAG.endHeaders | FLAG.endStream,
    stream,
    fieldBlock("GET", path, extra),
  );
}

function post(stream: number, path: string) {
  return frame(TYPE.headers, FLAG.endHeaders, stream, fieldBlock("POST", path));
}

/** Headers that are not ended, on stream 1. */
const unended = frame(TYPE.headers, FLAG.endStream, 1, fieldBlock("GET", "/alive"));

function repeat(count: number, make: (index: number) => Uint8Array): Uint8Array {
  return joined(Array.from({ length: count }, (_, index) => make(index)));
}

const cancel = (stream: number) => frame(TYPE.resetStream, 0, stream, new Uint8Array([0, 0, 0, 8]));

interface Attack {
  readonly name: string;
  readonly frames: readonly Uint8Array[];
  /** Reason of the GOAWAY that ends the connection, or none if it goes on. */
  readonly goAway?: number;
  /** The most requests that reach a handler. */
  readonly handled: number;
}

const [PROTOCOL_ERROR, FRAME_SIZE_ERROR, ENHANCE_YOUR_CALM] = [1, 6, 11];

const ATTACKS: readonly Attack[] = [
  {
    name: "10,000 requests taken back at once (rapid reset)",
    frames: [preface(), repeat(10_000, (i) => joined([get(2 * i + 1), cancel(2 * i + 1)]))],
    goAway: ENHANCE_YOUR_CALM,
    handled: 100,
  },
  {
    name: "16 MB of continued fields",
    frames: [
      preface(),
      unended,
      repeat(2_000, () => frame(TYPE.continuation, 0, 1, literal("x", "a".repeat(8_000)))),
    ],
    goAway: ENHANCE_YOUR_CALM,
    handled: 0,
  },
  {
    name: "20,000 empty continuations",
    frames: [preface(), unended, repeat(20_000, () => frame(TYPE.continuation, 0, 1))],
    goAway: ENHANCE_YOUR_CALM,
    handled: 0,
  },
  {
    name: "50,000 SETTINGS",
    frames: [preface(), repeat(50_000, () => frame(TYPE.settings, 0, 0))],
    handled: 0,
  },
  {
    name: "50,000 PINGs",
    frames: [preface(), repeat(50_000, () => frame(TYPE.ping, 0, 0, new Uint8Array(8)))],
    handled: 0,
  },
  {
    name: "10,000 pieces of a byte",
    frames: [
      preface(),
      post(1, "/pieces"),
      repeat(10_000, () => frame(TYPE.data, 0, 1, new Uint8Array(1))),
      frame(TYPE.data, FLAG.endStream, 1),
    ],
    handled: 1,
  },
  {
    name: "50,000 empty pieces",
    frames: [preface(), post(1, "/pieces"), repeat(50_000, () => frame(TYPE.data, 0, 1))],
    handled: 1,
  },
  {
    name: "1,000 uploads at once",
    frames: [preface(), repeat(1_000, (i) => post(2 * i + 1, "/echo"))],
    handled: 200,
  },
  {
    name: "1,000 requests of which no answer may be sent (window of 0)",
    frames: [preface([[4, 0]]), repeat(1_000, (i) => get(2 * i + 1))],
    handled: 200,
  },
  {
    name: "fields of 40 KB",
    frames: [
      preface(),
      unended,
      repeat(4, () => frame(TYPE.continuation, 0, 1, literal("x", "a".repeat(10_000)))),
      frame(TYPE.continuation, FLAG.endHeaders, 1),
    ],
    handled: 0,
  },
  {
    name: "a frame longer than any may be",
    frames: [preface(), new Uint8Array([255, 255, 255, 0, 0, 0, 0, 0, 1])],
    goAway: FRAME_SIZE_ERROR,
    handled: 0,
  },
  {
    name: "a stream that only servers open",
    frames: [preface(), get(2)],
    goAway: PROTOCOL_ERROR,
    handled: 0,
  },
  {
    name: "a request on stream 0",
    frames: [preface(), get(0)],
    goAway: PROTOCOL_ERROR,
    handled: 0,
  },
  {
    name: "a line end in a field",
    frames: [preface(), get(1, "/alive", [["x", "a\r\nb: c"]])],
    goAway: PROTOCOL_ERROR,
    handled: 0,
  },
  {
    name: "a name in upper case",
    frames: [preface(), get(1, "/alive", [["X", "a"]])],
    goAway: PROTOCOL_ERROR,
    handled: 0,
  },
  {
    name: "Transfer-Encoding",
    frames: [preface(), get(1, "/alive", [["transfer-encoding", "chunked"]])],
    handled: 0,
  },
  {
    name: "no path",
    frames: [
      preface(),
      frame(TYPE.headers, FLAG.endHeaders | FLAG.endStream, 1, literal(":method", "GET")),
    ],
    handled: 0,
  },
];

for (const kind of ["serve", "connection"] as const) {
  for (const { name, frames, goAway, handled } of ATTACKS) {
    Deno.test({
      name: `listener of kind ${kind} withstands ${name} over HTTP/2`,
      // The runtime never ends a body read that it has lost.
      sanitizeOps: !/pieces|uploads/.test(name),
      fn: async () => {
        await using target = await Target.start(kind);
        const before = Deno.memoryUsage().rss;
        const { result, text } = await send(target.port, joined(frames), {
          waitMs: goAway === undefined ? 300 : 8_000,
        });
        const end = framesIn(text).find(({ type }) => type === TYPE.goAway);
        assertEquals(end?.payload.charCodeAt(7), goAway);
        if (goAway !== undefined) assertEquals(result, "close");
        assert(target.handled <= handled, `${target.handled}`);
        assert(Deno.memoryUsage().rss - before < 60_000_000);
        await target.assertAlive();
      },
    });
  }

  Deno.test(`listener of kind ${kind} takes a host that differs from its authority over HTTP/2 (known limit of the runtime)`, async () => {
    await using target = await Target.start(kind);
    const bytes = joined([preface(), get(1, "/alive", [["host", "b"]])]);
    await send(target.port, bytes, { waitMs: 100 });
    assertEquals(target.handled, 1);
  });
}

Deno.test("Deno.serve keeps a client over HTTP/2 that is idle (known limit of the runtime; use Listener.Kind connection)", async () => {
  await using target = await Target.start("serve");
  const { result } = await send(target.port, joined([preface(), get(1)]), { waitMs: 700 });
  assertEquals(result, "open");
});

Deno.test("listener of kind connection closes an HTTP/2 connection that is idle", async () => {
  await using target = await Target.start("connection");
  const { result } = await send(target.port, joined([preface(), get(1)]), { waitMs: 8_000 });
  assertEquals(result, "close");
});

Deno.test("listener of kind node refuses HTTP/2", async () => {
  await using target = await Target.start("node");
  const { result } = await send(target.port, joined([preface(), get(1)]), { waitMs: 8_000 });
  assertEquals(result, "400 close");
});
