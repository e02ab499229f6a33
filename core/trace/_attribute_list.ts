import type { Attributes, AttributeValue } from "./span.ts";

/** OpenTelemetry's limit for one span, event or link. */
const MAX_ATTRIBUTES = 128;

const NONE: ReadonlyMap<string, AttributeValue> = new Map();

/** Attributes that are checked and bounded. Most events have none, so the map is made when needed. */
export class AttributeList {
  #entries: Map<string, AttributeValue> | undefined;
  /** Attributes that found no room or were no attributes. */
  dropped = 0;

  get entries(): ReadonlyMap<string, AttributeValue> {
    return this.#entries ?? NONE;
  }

  set(key: string, value: AttributeValue | undefined): void {
    if (value === undefined) return;
    const entries = this.#entries ??= new Map();
    const full = entries.size >= MAX_ATTRIBUTES && !entries.has(key);
    if (full || key === "" || !isValue(value)) this.dropped++;
    else entries.set(key, value);
  }

  setAll(attributes: Attributes): void {
    for (const key in attributes) this.set(key, attributes[key]);
  }
}

/** Callers in plain JavaScript may pass anything, and a bad attribute must not break a request. */
function isValue(value: unknown): boolean {
  if (Array.isArray(value)) {
    const type = typeof value[0];
    return value.length === 0 || isScalar(type) && value.every((item) => typeof item === type);
  }
  return isScalar(typeof value);
}

function isScalar(type: string): boolean {
  return type === "string" || type === "number" || type === "boolean";
}

/** Attributes as exporters see them. */
export function attributeMap(
  attributes: Attributes | undefined,
): ReadonlyMap<string, AttributeValue> {
  const list = new AttributeList();
  if (attributes) list.setAll(attributes);
  return list.entries;
}
