import fc from "npm:fast-check@^3";
import { assertEquals, assertThrows } from "@std/assert";
import { Baggage } from "./baggage.ts";
import { extractContext, injectContext, traceResponse } from "./carrier.ts";
import { TraceState } from "./trace_state.ts";

const LONG_KEY = "a".repeat(256);
const MANY = Array.from({ length: 32 }, (_, index) => `k${index}=${index}`);

const states: [header: string, read: string | undefined][] = [
  ["", ""],
  ["a=1", "a=1"],
  ["a=1,b=2", "a=1,b=2"],
  [" a=1 ,\tb=2\t, ,", "a=1,b=2"],
  ["t61@mysystem=x", "t61@mysystem=x"],
  ["0k=1", "0k=1"],
  ["a=1=2", undefined],
  ["a=b c", "a=b c"],
  [`${LONG_KEY}=1`, `${LONG_KEY}=1`],
  [`${LONG_KEY}a=1`, undefined],
  [`a=${"x".repeat(256)}`, `a=${"x".repeat(256)}`],
  [`a=${"x".repeat(257)}`, undefined],
  ["a", undefined],
  ["=1", undefined],
  ["a=", undefined],
  ["A=1", undefined],
  ["a=é", undefined],
  ["a=1,a=2", undefined],
  [MANY.join(","), MANY.join(",")],
  [[...MANY, "more=1"].join(","), undefined],
];

for (const [header, read] of states) {
  Deno.test(`TraceState.parse() of ${JSON.stringify(header.slice(0, 40))} ${header.length}`, () => {
    const state = TraceState.parse(header);
    assertEquals(state && String(state), read);
  });
}

Deno.test("TraceState.set() puts in front, moves what is there, and drops the last of too many", () => {
  const state = TraceState.parse(MANY.join(","))!;
  assertEquals(String(state.set("k5", "new")).slice(0, 16), "k5=new,k0=0,k1=1");
  const more = state.set("more", "1");
  assertEquals([more.size, more.get("k31"), more.get("k30")], [32, undefined, "30"]);
  assertEquals(String(TraceState.empty.set("a", "1").delete("a")), "");
});

for (
  const [key, value] of [["A", "1"], ["", "1"], ["a", ""], ["a", "x,y"], ["a", "x=y"]] as const
) {
  Deno.test(`TraceState.set() refuses ${key}=${value}`, () => {
    assertThrows(() => TraceState.empty.set(key, value), TypeError, "Cannot set trace state");
  });
}

const baggages: [header: string, read: [string, string][]][] = [
  ["", []],
  ["a=1", [["a", "1"]]],
  [" a = 1 , b=2 ", [["a", "1"], ["b", "2"]]],
  ["a=1;ttl=5;secret,b=2", [["a", "1"], ["b", "2"]]],
  ["a=%C3%A9%2C%3B", [["a", "é,;"]]],
  ["a=1,a=2", [["a", "2"]]],
  ["a=", [["a", ""]]],
  ["a=b=c", [["a", "b=c"]]],
  ["a,b=1", [["b", "1"]]],
  ["é=1,b=1", [["b", "1"]]],
  ["a=%,b=1", [["b", "1"]]],
  ["=1,,;", []],
];

for (const [header, read] of baggages) {
  Deno.test(`Baggage.parse() reads ${JSON.stringify(header)}`, () => {
    const entries = Array.from(Baggage.parse(header), ([key, { value }]) => [key, value]);
    assertEquals(entries, read);
  });
}

Deno.test("Baggage keeps the properties of an entry", () => {
  assertEquals(String(Baggage.parse("a=1; ttl=5 ;secret")), "a=1;ttl=5;secret");
  assertEquals(String(Baggage.empty.set("a", "1", "secret")), "a=1;secret");
});

Deno.test("Baggage is bounded when it is read and when it is written", () => {
  const many = Array.from({ length: 200 }, (_, index) => `k${index}=v`).join(",");
  assertEquals(Baggage.parse(many).size, 64);
  assertEquals(Baggage.parse(`a=${"x".repeat(8200)},b=1`).size, 0);
  let baggage = Baggage.empty.set("big", "x".repeat(9000)).set("small", "1");
  assertEquals(String(baggage), "small=1");
  for (let index = 0; index < 100; index++) baggage = baggage.set(`k${index}`, "v");
  assertEquals(String(baggage).split(",").length, 64);
});

Deno.test("Baggage cannot be changed", () => {
  const before = Baggage.empty.set("a", "1");
  before.set("a", "2");
  before.delete("a");
  assertEquals(before.get("a"), "1");
});

for (const key of ["", "a b", "a,b", "a=b", "é"]) {
  Deno.test(`Baggage.set() refuses the key ${JSON.stringify(key)}`, () => {
    assertThrows(() => Baggage.empty.set(key, "1"), TypeError, "is not an HTTP token");
  });
}

Deno.test("Baggage.set() refuses metadata that would be another entry", () => {
  assertThrows(() => Baggage.empty.set("a", "1", "x,admin=1"), TypeError, "without commas");
});

Deno.test("Baggage carries any value through a header", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 50 }), (value) => {
    const header = String(Baggage.empty.set("key", value));
    new Headers({ baggage: header });
    assertEquals(Baggage.parse(header).get("key"), value.toWellFormed());
  }));
});

Deno.test("Baggage.parse() and TraceState.parse() survive anything", () => {
  const piece = fc.constantFrom("a", "=", ",", ";", "%", "%41", " ", "é", "@", "\t", "k1=v");
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    const header = pieces.join("");
    const baggage = Baggage.parse(header);
    assertEquals([...Baggage.parse(String(baggage))], [...baggage]);
    const state = TraceState.parse(header);
    if (state) assertEquals(String(TraceState.parse(String(state))), String(state));
  }));
});

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Deno.test("extractContext() of a carrier without headers is empty", () => {
  assertEquals(extractContext(new Headers()), { span: undefined, baggage: undefined });
  assertEquals(extractContext(new Map()), { span: undefined, baggage: undefined });
});

Deno.test("extractContext() drops a trace state that is malformed or has no parent", () => {
  const bad = extractContext(new Headers({ traceparent: TRACEPARENT, tracestate: "A=1" }));
  assertEquals([bad.span?.sampled, bad.span?.traceState], [true, undefined]);
  assertEquals(extractContext(new Headers({ tracestate: "a=1" })).span, undefined);
});

Deno.test("injectContext() writes what extractContext() reads", () => {
  const read = extractContext(
    new Headers({ traceparent: TRACEPARENT, tracestate: "b=2,a=1", baggage: "tenant=acme;x" }),
  );
  const headers = new Headers();
  injectContext(headers, read);
  assertEquals(Object.fromEntries(headers), {
    traceparent: TRACEPARENT,
    tracestate: "b=2,a=1",
    baggage: "tenant=acme;x",
  });
  assertEquals(extractContext(headers).span?.remote, true);
});

Deno.test("injectContext() writes nothing where there is nothing to say", () => {
  const headers = new Headers();
  injectContext(headers);
  assertEquals([...headers], []);
});

const SPAN = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  sampled: false,
};
const UNSAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

Deno.test("traceResponse() changes the answer itself where that can be done", async () => {
  const response = Response.json({ a: 1 });
  assertEquals(traceResponse(response, SPAN) === response, true);
  assertEquals(response.headers.get("traceparent"), UNSAMPLED);
  assertEquals(await response.json(), { a: 1 });
});

Deno.test("traceResponse() copies an answer that cannot be changed, with all it has", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response("body", { status: 206, headers: { "x-a": "1" } });
  });
  const fetched = await fetch(`http://127.0.0.1:${server.addr.port}`);
  const traced = traceResponse(fetched, SPAN);
  assertEquals([traced.status, traced.headers.get("x-a")], [206, "1"]);
  assertEquals(traced.headers.get("traceparent"), UNSAMPLED);
  assertEquals(await traced.text(), "body");
  await server.shutdown();
});

Deno.test("traceResponse() leaves alone what belongs to the connection", () => {
  const error = Response.error();
  assertEquals(traceResponse(error, SPAN) === error, true);
  const empty = traceResponse(new Response(null, { status: 204 }), SPAN);
  assertEquals(empty.headers.get("traceparent"), UNSAMPLED);
});
