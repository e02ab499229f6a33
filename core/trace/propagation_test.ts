import { assertEquals, assertMatch } from "@std/assert";
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from "./propagation.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const accepted: [header: string, sampled: boolean][] = [
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [`00-${TRACE}-${SPAN}-03`, true],
  [`cc-${TRACE}-${SPAN}-01`, true],
  [`cc-${TRACE}-${SPAN}-01-what-comes-later`, true],
];

for (const [header, sampled] of accepted) {
  Deno.test(`parseTraceparent() reads ${header}`, () => {
    assertEquals(parseTraceparent(header), { traceId: TRACE, spanId: SPAN, sampled });
  });
}

const refused = [
  null,
  "",
  "x",
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE}-${SPAN}-01x`,
  `cc-${TRACE}-${SPAN}-01x`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00_${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-0g`,
];

for (const header of refused) {
  Deno.test(`parseTraceparent() refuses ${JSON.stringify(header)}`, () => {
    assertEquals(parseTraceparent(header), undefined);
  });
}

Deno.test("formatTraceparent() writes what parseTraceparent() reads", () => {
  const context = { traceId: newTraceId(), spanId: newSpanId(), sampled: true };
  assertEquals(parseTraceparent(formatTraceparent(context)), context);
});

Deno.test("newTraceId() and newSpanId() do not repeat", () => {
  const ids = new Set(Array.from({ length: 10_000 }, newSpanId));
  assertEquals(ids.size, 10_000);
  for (const id of ids) assertMatch(id, /^[0-9a-f]{16}$/);
  assertMatch(newTraceId(), /^[0-9a-f]{32}$/);
});
