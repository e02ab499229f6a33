import { MASK } from "../log/redact.ts";
import type { JsonValue } from "../log/record.ts";
import { reasonOf, setOwn, ValueRenderer } from "../log/value_renderer.ts";
import { type Definition, resolve, wireKey } from "../schema/definition.ts";
import type { Schema } from "../schema/field.ts";
import { maskSecretText } from "./_secret_text.ts";

/** Parts of a key that make its value a secret, in lower case and without `-`, `_`, `.` and spaces. */
const SECRET_PARTS: readonly string[] = [
  "pass",
  "pwd",
  "secret",
  "token",
  "credential",
  "apikey",
  "accesskey",
  "privatekey",
  "signingkey",
  "encryptionkey",
  "encryptkey",
  "sharedkey",
  "masterkey",
  "sessionkey",
  "authkey",
  "licensekey",
  "aeskey",
  "hmac",
  "salt",
  "pepper",
  "cookie",
  "sessionid",
  "authorization",
  "authuser",
  "bearer",
  "jwt",
  "dsn",
  "datasource",
  "connectionstring",
  "connstr",
  "contentsecurity",
  "webhook",
  "pincode",
];

/** Keys that are a secret only if nothing comes before. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["auth", "pin", "otp", "seed", "passwd"]);

/** Keys that name a file, a place or a time of a secret, and not the secret. */
const HARMLESS_ENDINGS = /(file|path|dir|folder|ttl|expire|expiry|timeout|name|header|strict)s?$/;

const plain = new ValueRenderer();

/**
 * A config that can be shown to people: every secret reads `***`.
 *
 * What counts as one: fields whose schema says `secret()`, and all that is below them; keys that name
 * a secret, such as `Password`, `AccessSecret`, `DataSource`, and all headers; and within other texts the
 * passwords of addresses, tokens, PEM blocks and what looks like a key. Whether there is a value stays
 * visible: what is empty, or a switch, is shown as it is.
 *
 * @param schema The schema that the config was read with.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { object, string } from "@zeno/zeno/core/schema";
 * const schema = object({ Name: string(), Pepper: string().secret() });
 * assertEquals(maskConfig({ Name: "greet", Pepper: "x", Url: "redis://:pw@cache:6379" }, schema), {
 *   Name: "greet",
 *   Pepper: "***",
 *   Url: "redis://***@cache:6379",
 * });
 * ```
 */
export function maskConfig(
  config: unknown,
  schema?: Pick<Schema<unknown>, "definition">,
): JsonValue {
  try {
    return masked(withoutHooks(config), schema?.definition) ?? null;
  } catch (error) {
    return `Cannot show config: ${reasonOf(error)}`;
  }
}

/** Plain JSON of anything: no getters, no classes, no cycles are left to trip over. */
function withoutHooks(config: unknown): JsonValue {
  return plain.value(config) ?? null;
}

function masked(value: JsonValue, definition: Definition | undefined): JsonValue {
  const known = definition && resolve(definition);
  if (definition?.secret || known?.secret) return hidden(value);
  if (typeof value === "string") return maskSecretText(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, known?.item));
  if (typeof value !== "object" || value === null) return value;
  const members = membersOf(known);
  const shown: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    const text = isSecretKey(key) ? hidden(member) : masked(member, members(key));
    setOwn(shown, key, text);
  }
  return shown;
}

/** What the schema says of each member, by its property name or the name it has in the file. */
function membersOf(definition: Definition | undefined): (key: string) => Definition | undefined {
  if (definition?.kind === "map") return () => definition.item;
  const fields = definition?.fields ?? {};
  const byKey = new Map<string, Definition>();
  for (const [name, field] of Object.entries(fields)) {
    byKey.set(name.toLowerCase(), field);
    byKey.set(wireKey(name, field).toLowerCase(), field);
  }
  return (key) => byKey.get(key.toLowerCase());
}

function isSecretKey(key: string): boolean {
  const name = key.toLowerCase().replace(/[-_.\s]/g, "");
  if (name.endsWith("headers") || SECRET_KEYS.has(name)) return true;
  return SECRET_PARTS.some((part) => name.includes(part)) && !HARMLESS_ENDINGS.test(name);
}

/** Hides every leaf: keys of a secret map, such as names of headers, help and give nothing away. */
function hidden(value: JsonValue): JsonValue {
  if (value === null || value === "" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object") return MASK;
  const shown: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) setOwn(shown, key, hidden(member));
  return shown;
}
