import { assert, assertEquals, assertMatch } from "@std/assert";

/** A span as {@link assertOtlpRequest} hands it on. */
export interface CheckedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  service: unknown;
}

/**
 * Reads an `ExportTraceServiceRequest` as the strictest receiver would: no member that the protocol
 * does not have, every value in the form that its JSON encoding asks for.
 */
export function assertOtlpRequest(body: unknown): CheckedSpan[] {
  const spans: CheckedSpan[] = [];
  for (const resource of list(members(body, ["resourceSpans"]).resourceSpans)) {
    const { resource: process, scopeSpans } = members(resource, ["resource", "scopeSpans"]);
    const attributes = attributesOf(members(process, ["attributes"]).attributes);
    for (const scoped of list(scopeSpans)) {
      const { scope, spans: inScope } = members(scoped, ["scope", "spans"]);
      const { name, version } = members(scope, ["name"], ["version"]);
      assert(typeof name === "string" && (version === undefined || typeof version === "string"));
      for (const span of list(inScope)) {
        spans.push({ ...checkedSpan(span), service: attributes["service.name"] });
      }
    }
  }
  return spans;
}

const SPAN = [
  "traceId",
  "spanId",
  "flags",
  "name",
  "kind",
  "startTimeUnixNano",
  "endTimeUnixNano",
  "attributes",
  "droppedAttributesCount",
  "events",
  "droppedEventsCount",
  "links",
  "droppedLinksCount",
  "status",
];

function checkedSpan(value: unknown): Omit<CheckedSpan, "service"> {
  const span = members(value, SPAN, ["traceState", "parentSpanId"]);
  const { traceId, spanId, parentSpanId, name, kind } = span;
  checkIds(span);
  assert(parentSpanId === undefined || isId(parentSpanId, 16));
  assert(typeof name === "string" && name !== "");
  assert(typeof kind === "number" && Number.isInteger(kind) && kind >= 1 && kind <= 5);
  assert(nanos(span.endTimeUnixNano) >= nanos(span.startTimeUnixNano));
  attributesOf(span.attributes);
  for (const item of list(span.events)) {
    const event = members(item, ["timeUnixNano", "name", "attributes"]);
    nanos(event.timeUnixNano);
    attributesOf(event.attributes);
  }
  for (const item of list(span.links)) {
    const link = members(item, ["traceId", "spanId", "flags", "attributes"], ["traceState"]);
    checkIds(link);
    attributesOf(link.attributes);
  }
  const { code, message } = members(span.status, [], ["code", "message"]);
  assert(code === undefined || code === 0 || code === 1 || code === 2);
  assert(message === undefined || typeof message === "string");
  return {
    name,
    kind,
    traceId: String(traceId),
    spanId: String(spanId),
    ...(parentSpanId === undefined ? {} : { parentSpanId: String(parentSpanId) }),
  };
}

function checkIds({ traceId, spanId, flags }: Record<string, unknown>): void {
  assert(isId(traceId, 32) && isId(spanId, 16), "ids are lower-case hex");
  assert(typeof flags === "number" && Number.isInteger(flags) && flags < 2 ** 32);
}

function isId(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits && /^(?!0+$)[0-9a-f]+$/.test(value);
}

function nanos(value: unknown): bigint {
  assert(typeof value === "string");
  assertMatch(value, /^[0-9]{1,20}$/);
  return BigInt(value);
}

function attributesOf(value: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const item of list(value)) {
    const { key, value } = members(item, ["key", "value"]);
    assert(typeof key === "string" && key !== "" && !(key in result));
    result[key] = valueOf(value);
  }
  return result;
}

function valueOf(wrapped: unknown): unknown {
  assert(typeof wrapped === "object" && wrapped !== null);
  const entries = Object.entries(wrapped);
  assertEquals(entries.length, 1);
  const [kind, value] = entries[0]!;
  switch (kind) {
    case "stringValue":
      assert(typeof value === "string");
      return value;
    case "boolValue":
      assert(typeof value === "boolean");
      return value;
    case "intValue":
      assert(typeof value === "string" && /^-?[0-9]+$/.test(value));
      return BigInt(value);
    case "doubleValue":
      assert(typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value));
      return Number(value);
    default:
      assertEquals(kind, "arrayValue");
      return list(members(value, ["values"]).values).map(valueOf);
  }
}

function list(value: unknown): unknown[] {
  assert(Array.isArray(value));
  return value;
}

/** The members of an object that has all of `required` and none but those and `optional`. */
function members(
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Record<string, unknown> {
  assert(typeof value === "object" && value !== null && !Array.isArray(value));
  for (const name of required) assert(name in value, `no "${name}"`);
  for (const name of Object.keys(value)) {
    assert(required.includes(name) || optional.includes(name), `unknown "${name}"`);
  }
  return { ...value };
}
