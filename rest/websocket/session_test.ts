/** Tests of one connection, on virtual time and without a network. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { int, string } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { WebSocketClosedError } from "./errors.ts";
import { type MessageReader, readJson, readRaw } from "./message.ts";
import { limitsOf, type WebSocketOptions } from "./options.ts";
import { type SocketLike, WebSocketSession } from "./session.ts";

class FakeSocket extends EventTarget implements SocketLike {
  readyState = 1;
  bufferedAmount = 0;
  binaryType: BinaryType = "blob";
  readonly sent: unknown[] = [];
  closed: [code: number | undefined, reason: string | undefined] | undefined;
  /** Whether the other side agrees to a close at once. */
  polite = true;

  send(data: unknown): void {
    this.sent.push(data);
    this.bufferedAmount += (data as string).length;
  }

  close(code?: number, reason?: string): void {
    this.readyState = 2;
    this.closed = [code, reason];
    if (this.polite) this.end(code ?? 1005, reason ?? "");
  }

  end(code: number, reason = ""): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code, reason }));
  }

  receive(...messages: unknown[]): void {
    for (const data of messages) this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

interface Parts<In> {
  socket: FakeSocket;
  clock: FakeClock;
  session: WebSocketSession<In>;
}

function open(options: WebSocketOptions = {}): Parts<string | Uint8Array<ArrayBuffer>> {
  return openWith(readRaw, options);
}

function openWith<In>(read: MessageReader<In>, options: WebSocketOptions = {}): Parts<In> {
  const socket = new FakeSocket();
  const clock = new FakeClock();
  const limits = limitsOf(options);
  const session = new WebSocketSession(socket, { protocol: "", clock, limits, read });
  return { socket, clock, session };
}

Deno.test("WebSocketSession gives text as text and bytes as bytes, in order, then ends", async () => {
  const { socket, session } = open();
  assertEquals(socket.binaryType, "arraybuffer");
  socket.receive("a", Uint8Array.of(1, 2).buffer, "");
  socket.end(1000, "done");
  assertEquals(await Array.fromAsync(session), ["a", Uint8Array.of(1, 2), ""]);
  assertEquals(await session.ended, { code: 1000, reason: "done" });
  assertEquals(session.signal.aborted, true);
});

Deno.test("WebSocketSession lets a reader wait", async () => {
  const { socket, session } = open();
  const all = Array.fromAsync(session);
  await Promise.resolve();
  socket.receive("a");
  await Promise.resolve();
  socket.receive("b", "c");
  session.close();
  assertEquals(await all, ["a", "b", "c"]);
});

const refusals: [
  what: string,
  options: WebSocketOptions,
  messages: unknown[],
  code: number,
  reason: string,
  kept: number,
][] = [
  [
    "a text of too many bytes",
    { maxMessageBytes: 3 },
    ["abc", "abcd"],
    1009,
    "message too large",
    1,
  ],
  [
    "a text of too many bytes in UTF-8",
    { maxMessageBytes: 3 },
    ["éa", "éé"],
    1009,
    "message too large",
    1,
  ],
  [
    "bytes that are too many",
    { maxMessageBytes: 3 },
    [new ArrayBuffer(3), new ArrayBuffer(4)],
    1009,
    "message too large",
    1,
  ],
  [
    "messages that nobody reads",
    { maxUnreadBytes: 200 },
    ["a", "b", "c", "d"],
    1008,
    "messages are not read",
    3,
  ],
  [
    "empty messages that nobody reads",
    { maxUnreadBytes: 200 },
    ["", "", "", ""],
    1008,
    "messages are not read",
    3,
  ],
  [
    "too many messages at once",
    { messagesPerSecond: 1, burst: 2 },
    ["a", "b", "c"],
    1008,
    "too many messages",
    2,
  ],
];

for (const [what, options, messages, code, reason, kept] of refusals) {
  Deno.test(`WebSocketSession closes with ${code} on ${what}`, async () => {
    const { socket, session } = open(options);
    socket.polite = false; // It ends without the other side's word.
    socket.receive(...messages, "late");
    assertEquals(socket.closed, [code, reason]);
    assertEquals(await session.ended, { code, reason });
    assertEquals((await Array.fromAsync(session)).length, kept);
  });
}

Deno.test("WebSocketSession takes one message however large, if a message may be", async () => {
  const { socket, session } = open({ maxMessageBytes: 1000, maxUnreadBytes: 10 });
  socket.receive("x".repeat(1000));
  socket.end(1000);
  assertEquals((await Array.fromAsync(session)).length, 1);
});

Deno.test("WebSocketSession lets messages come at their rate for ever", async () => {
  const { socket, session, clock } = open({ messagesPerSecond: 10, burst: 1 });
  for (let n = 0; n < 50; n++) {
    socket.receive("a");
    clock.elapse(100);
  }
  assertEquals(socket.closed, undefined);
  session.close();
  await session.ended;
});

const user = object({ name: string(), age: int() });

const typed: [text: unknown, result: unknown][] = [
  ['{"name":"a","age":1}', { name: "a", age: 1 }],
  ['{"name":"a"}', 'field "age" is not set'],
  ['{"name":"a","age":9007199254740993}', 'field "age" holds 9007199254740993'],
  ["{", "JSON text is not valid"],
  [new ArrayBuffer(2), "message is not text"],
];

for (const [text, result] of typed) {
  Deno.test(`WebSocketSession of a schema takes ${text}`, async () => {
    const { socket, session } = openWith(readJson(user));
    socket.receive(text);
    if (typeof result === "string") {
      assertEquals(socket.closed?.[0], 1007);
      assertEquals(await Array.fromAsync(session), []);
    } else {
      session.close();
      assertEquals(await Array.fromAsync(session), [result as { name: string; age: number }]);
    }
  });
}

Deno.test("WebSocketSession hands an error in a schema to the reader, after what came before", async () => {
  const brittle = object({ name: string() }).check(({ name }) => {
    if (name === "x") throw new Error("broken check");
    return undefined;
  });
  const { socket, session } = openWith(readJson(brittle));
  socket.receive('{"name":"a"}', '{"name":"x"}', '{"name":"b"}');
  assertEquals(socket.closed?.[0], 1011);
  const messages: unknown[] = [];
  await assertRejects(
    async () => {
      for await (const message of session) messages.push(message);
    },
    Error,
    "broken check",
  );
  assertEquals(messages, [{ name: "a" }]);
});

Deno.test("WebSocketSession.send() waits for the opening, and sends JSON", async () => {
  const socket = new FakeSocket();
  socket.readyState = 0;
  const options = { protocol: "", clock: new FakeClock(), limits: limitsOf({}), read: readRaw };
  const session = new WebSocketSession(socket, options);
  const sent = Promise.all([session.send("a"), session.sendJson({ id: 1n })]);
  await Promise.resolve();
  assertEquals(socket.sent, []);
  socket.readyState = 1;
  socket.dispatchEvent(new Event("open"));
  await sent;
  assertEquals(socket.sent, ["a", '{"id":1}']);
  session.close();
});

Deno.test("WebSocketSession.close() waits for the opening", async () => {
  const socket = new FakeSocket();
  socket.readyState = 0;
  const options = { protocol: "", clock: new FakeClock(), limits: limitsOf({}), read: readRaw };
  const session = new WebSocketSession(socket, options);
  session.close(4000, "early");
  assertEquals(socket.closed, undefined);
  socket.readyState = 1;
  socket.dispatchEvent(new Event("open"));
  assertEquals(await session.ended, { code: 4000, reason: "early" });
});

Deno.test("WebSocketSession.send() waits while the other side is behind", async () => {
  const { socket, session, clock } = open({ maxBufferedBytes: 10 });
  await session.send("x".repeat(10));
  let done = false;
  const sending = session.send("x").then(() => done = true);
  await clock.advance(1000);
  assertEquals([done, session.bufferedBytes], [false, 11]);
  socket.bufferedAmount = 5;
  await clock.advance(100);
  assertEquals(done, true);
  await sending;
  session.close();
});

Deno.test("WebSocketSession.send() gives up on one that takes nothing", async () => {
  const { socket, session, clock } = open({ maxBufferedBytes: 1, sendTimeoutMs: 1000 });
  socket.polite = false;
  const sending = session.send("xx");
  const refused = assertRejects(() => sending, WebSocketClosedError, "took nothing for 1000 ms");
  await clock.advance(1100);
  await refused;
  assertEquals((await session.ended).code, 1008);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("WebSocketSession.send() fails when the connection ends, before and meanwhile", async () => {
  const { socket, session, clock } = open({ maxBufferedBytes: 1 });
  const sending = session.send("xx");
  const refused = assertRejects(() => sending, WebSocketClosedError, "has ended");
  await clock.advance(1);
  socket.end(1006);
  await refused;
  await assertRejects(() => session.send("y"), WebSocketClosedError);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("WebSocketSession.close() ends by itself if the other side does not answer", async () => {
  const { socket, session, clock } = open();
  socket.polite = false;
  session.close(4000, "enough");
  session.close(4001, "twice");
  socket.receive("late"); // Was on its way.
  await clock.advance(4999);
  assertEquals(session.signal.aborted, false);
  await clock.advance(1);
  assertEquals(await session.ended, { code: 1006, reason: "no answer to close" });
  assertEquals([socket.closed, await Array.fromAsync(session)], [[4000, "enough"], ["late"]]);
});

Deno.test("WebSocketSession.close() cuts a reason that does not fit, between characters", () => {
  const { socket, session } = open();
  session.close(1000, "é".repeat(100));
  assertEquals(socket.closed, [1000, "é".repeat(61)]);
});

Deno.test("WebSocketSession closes one that is idle, and no other", async () => {
  const { socket, session, clock } = open({ idleTimeoutMs: 1000 });
  await clock.advance(999);
  socket.receive("a");
  await clock.advance(999);
  assertEquals(socket.closed, undefined);
  await clock.advance(1);
  assertEquals(socket.closed, [1001, "nothing came for 1000 ms"]);
  await session.ended;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("WebSocketSession ends once, whatever the platform says afterwards", async () => {
  const { socket, session } = open();
  socket.end(0);
  socket.end(1005);
  socket.receive("late");
  session.close();
  assertEquals(await session.ended, { code: 1006, reason: "" });
  assertEquals(await Array.fromAsync(session), []);
  assertEquals(socket.closed, undefined);
});

Deno.test("WebSocketSession is closed when it goes out of scope", () => {
  const { socket, session } = open();
  {
    using scoped = session;
    assert(!scoped.signal.aborted);
  }
  assertEquals(socket.closed?.[0], 1000);
});

for (
  const name of [
    "idleTimeoutMs",
    "maxMessageBytes",
    "maxUnreadBytes",
    "maxBufferedBytes",
    "sendTimeoutMs",
    "messagesPerSecond",
    "burst",
    "heartbeatMs",
  ]
) {
  for (const value of [-1, NaN]) {
    Deno.test(`limitsOf() refuses ${name} ${value}`, () => {
      let message = "";
      try {
        limitsOf({ [name]: value });
      } catch (error) {
        message = (error as RangeError).message;
      }
      assertEquals(message, `Cannot open websocket: need ${name} >= 0, got ${value}`);
    });
  }
}
