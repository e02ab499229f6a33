/** Tests of the server's end of a websocket, on virtual time and without a network. */
import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import type { RawChannel, RawChannelEvents } from "../listener/upgrade_offer.ts";
import { FrameSocket } from "./_frame_socket.ts";

class FakeChannel implements RawChannel {
  bufferedBytes = 0;
  readonly written: number[][] = [];
  state: "open" | "ended" | "destroyed" = "open";
  events: RawChannelEvents | undefined;

  write(bytes: Uint8Array): void {
    this.written.push([...bytes]);
  }

  end(): void {
    this.state = "ended";
  }

  destroy(): void {
    this.state = "destroyed";
    this.events?.onClose();
  }

  /** A frame of a few zeros comes. */
  receive(head: number, length = 0): void {
    this.events!.onBytes(Uint8Array.of(head, 0x80 | length, 0, 0, 0, 0, ...Array(length).fill(0)));
  }
}

interface Opened {
  channel: FakeChannel;
  clock: FakeClock;
  socket: FrameSocket;
  ends: [code: number, reason: string][];
}

function open(heartbeatMs = 0): Opened {
  const channel = new FakeChannel();
  const clock = new FakeClock();
  const take = (events: RawChannelEvents) => {
    channel.events = events;
    return channel;
  };
  const socket = new FrameSocket(take, { maxMessageBytes: 100, heartbeatMs, clock });
  const ends: [number, string][] = [];
  socket.addEventListener("close", (event) => {
    const { code, reason } = event as CloseEvent;
    ends.push([code, reason]);
  });
  channel.events!.onOpen();
  return { channel, clock, socket, ends };
}

Deno.test("FrameSocket answers a ping with what was in it", () => {
  const { channel } = open();
  channel.receive(0x89, 2);
  assertEquals(channel.written, [[0x8a, 2, 0, 0]]);
});

Deno.test("FrameSocket answers a close with its status, ends, and cuts a client that stays", async () => {
  const { channel, clock, ends } = open();
  channel.events!.onBytes(Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0x0f, 0xa0));
  assertEquals([channel.written, channel.state, ends], [[[0x88, 2, 0x0f, 0xa0]], "ended", [[
    4000,
    "",
  ]]]);
  await clock.advance(500);
  assertEquals([channel.state, ends.length], ["destroyed", 1]);
});

Deno.test("FrameSocket cuts a client that does not answer a close", async () => {
  const { channel, clock, socket, ends } = open();
  socket.close(1000, "bye");
  assertEquals(channel.written, [[0x88, 5, 0x03, 0xe8, 0x62, 0x79, 0x65]]);
  socket.send("too late");
  await clock.advance(4_999);
  assertEquals([channel.state, channel.written.length, ends], ["open", 1, []]);
  await clock.advance(1);
  assertEquals([channel.state, ends], ["destroyed", [[1006, ""]]]);
});

Deno.test("FrameSocket still gives what comes until the client agrees to a close", () => {
  const { channel, socket, ends } = open();
  const messages: unknown[] = [];
  socket.addEventListener("message", (event) => messages.push((event as MessageEvent).data));
  socket.close();
  channel.receive(0x82, 1);
  channel.receive(0x88);
  assertEquals([messages.length, ends], [1, [[1005, ""]]]);
  assertEquals(channel.written, [[0x88, 0]]); // Its own close is not answered a second time.
});

Deno.test("FrameSocket pings a client that is silent, and lets go of one that stays so", async () => {
  const { channel, clock, ends } = open(1_000);
  await clock.advance(1_000);
  assertEquals(channel.written, [[0x89, 0]]);
  channel.receive(0x8a);
  await clock.advance(1_000); // It was heard.
  await clock.advance(1_000);
  assertEquals(channel.written.length, 2);
  await clock.advance(1_000);
  assertEquals([channel.state, ends], ["destroyed", [[1001, "no answer to ping"]]]);
});

Deno.test("FrameSocket allows a hundred pings a second, not many more", async () => {
  const { channel, clock, ends } = open();
  for (let second = 0; second < 5; second++) {
    for (let n = 0; n < 100; n++) channel.receive(0x89);
    await clock.advance(1_000);
  }
  assertEquals(ends, []);
  for (let n = 0; n < 300; n++) channel.receive(0x89);
  assertEquals(ends, [[1008, "too many frames without data"]]);
});

Deno.test("FrameSocket ends with 1006 when the connection does, open or not", () => {
  const { channel, socket, ends } = open();
  channel.events!.onClose();
  assertEquals([ends, socket.readyState], [[[1006, ""]], 3]);
  socket.send("nobody hears");
  socket.close();
  assert(channel.written.length === 0);
});
