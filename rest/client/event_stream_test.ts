import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { EventStreamParser, type ReceivedEvent } from "./event_stream.ts";

const SEED = 20_260_801;

const event = (data: string, name = "message", id = ""): ReceivedEvent => ({
  data,
  event: name,
  id,
});

const cases: {
  name: string;
  text: string;
  events: ReceivedEvent[];
  id?: string;
  retryMs?: number;
}[] = [
  { name: "one line", text: "data: a\n\n", events: [event("a")] },
  { name: "several lines", text: "data: a\ndata:b\ndata\n\n", events: [event("a\nb\n")] },
  { name: "only the first space", text: "data:  a\n\n", events: [event(" a")] },
  {
    name: "a name, for one event",
    text: "event: x\ndata: a\n\ndata: b\n\n",
    events: [event("a", "x"), event("b")],
  },
  {
    name: "an id, from then on",
    text: "id: 7\ndata: a\n\ndata: b\n\n",
    events: [event("a", "message", "7"), event("b", "message", "7")],
    id: "7",
  },
  { name: "an empty id", text: "id: 7\nid\ndata: a\n\n", events: [event("a")], id: "" },
  { name: "no id with NUL", text: "id: 7\nid: a\0b\n\n", events: [], id: "7" },
  { name: "an id without data", text: "id: 9\n\n", events: [], id: "9" },
  { name: "no event without data", text: "event: x\n\ndata: a\n\n", events: [event("a")] },
  { name: "comments", text: ": hi\n:\ndata: a\n\n", events: [event("a")] },
  { name: "unknown fields", text: "foo: a\ndata : b\n\n", events: [] },
  { name: "a retry", text: "retry: 250\n\n", events: [], retryMs: 250 },
  { name: "no odd retry", text: "retry: 1.5\nretry: -1\nretry: x\n\n", events: [] },
  { name: "a byte order mark", text: "\uFEFFdata: a\n\n", events: [event("a")] },
  {
    name: "CR and CRLF",
    text: "data: a\r\rdata: b\r\n\r\ndata: c\n\n",
    events: [event("a"), event("b"), event("c")],
  },
  { name: "nothing of what is not finished", text: "data: a\n\ndata: b\n", events: [event("a")] },
];
for (const { name, text, events, id = "", retryMs } of cases) {
  Deno.test(`EventStreamParser.push() reads ${name}`, () => {
    const parser = new EventStreamParser();
    assertEquals([...parser.push(text)], events);
    assertEquals([parser.lastEventId, parser.retryMs], [id, retryMs]);
  });
}

Deno.test(`EventStreamParser.push() reads the same however text is cut (seed ${SEED})`, () => {
  const piece = fc.constantFrom(
    "data: ab",
    "data:é",
    "id: 1",
    "event: e",
    ": c",
    "",
    "retry: 5",
    "x",
  );
  const end = fc.constantFrom("\n", "\r\n", "\r");
  const stream = fc.array(fc.tuple(piece, end), { maxLength: 30 });
  fc.assert(
    fc.property(stream, fc.array(fc.nat(5), { maxLength: 60 }), (lines, cuts) => {
      // A final CR waits for what may follow, so every stream here ends in a blank line that is told.
      const text = lines.map((pair) => pair.join("")).join("") + "\n\n";
      const whole = new EventStreamParser();
      const expected = [...whole.push(text)];
      const cut = new EventStreamParser();
      const seen: ReceivedEvent[] = [];
      let from = 0;
      for (const length of cuts) {
        seen.push(...cut.push(text.slice(from, from + length)));
        from += length;
      }
      seen.push(...cut.push(text.slice(from)));
      assertEquals(seen, expected);
      assertEquals(cut.lastEventId, whole.lastEventId);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

Deno.test("EventStreamParser.push() refuses an event that is too long, in one line or many", () => {
  const one = new EventStreamParser({ maxChars: 10 });
  assertThrows(() => [...one.push("data: 12345678")], RangeError, "longer than 10");
  const many = new EventStreamParser({ maxChars: 10 });
  assertThrows(() => [...many.push("data: 123\n".repeat(4))], RangeError, "longer than 10");
});
