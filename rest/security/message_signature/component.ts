/**
 * The components of a message that a signature can cover, and their values.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-2
 * @module
 */

import { parseDictionary, parseItem } from "../structured_field/parse.ts";
import {
  serializeDictionary,
  serializeItem,
  serializeMember,
} from "../structured_field/serialize.ts";
import type { Item } from "../structured_field/types.ts";
import { MessageSignatureError } from "./errors.ts";
import { queryParameter, type Target, targetOf } from "./target.ts";

/** A message that is signed, and what belongs to it. */
export interface SignedMessage {
  /** The message. */
  readonly message: Request | Response;
  /** The request that the message answers, if it is an answer. */
  readonly request?: Request | undefined;
  /** What clients see of the service, where a proxy hides it. */
  readonly origin?: string | undefined;
}

/** Fields that are known to be dictionaries, for the parameter `sf`. */
const DICTIONARIES: ReadonlySet<string> = new Set([
  "content-digest",
  "priority",
  "repr-digest",
  "signature",
  "signature-input",
  "want-content-digest",
  "want-repr-digest",
]);

const DERIVED: Readonly<Record<string, (request: Request, target: Target) => string>> = {
  "@method": ({ method }) => method,
  "@authority": (_, { authority }) => authority,
  "@scheme": (_, { scheme }) => scheme,
  "@path": (_, { path }) => path,
  "@query": (_, { query }) => query || "?",
  "@request-target": (_, { path, query }) => path + query,
  "@target-uri": (_, { scheme, authority, path, query }) =>
    `${scheme}://${authority}${path}${query}`,
};

/**
 * Reads a component: a bare name such as `@method` or `content-type`, or one with parameters as signatures write it, such
 * as `"@query-param";name="page"`.
 *
 * @throws {SyntaxError} If it is malformed.
 */
export function parseComponent(text: string): Item {
  const item = text.startsWith('"') ? parseItem(text) : { value: text, parameters: new Map() };
  if (isComponent(item)) return item;
  throw new SyntaxError(
    `Cannot read component ${JSON.stringify(text)}: it is no name in lower case`,
  );
}

/** Whether an item can be a component at all. */
export function isComponent(item: Item): item is Item & { readonly value: string } {
  return typeof item.value === "string" && item.value !== "@signature-params" &&
    /^@?[!#$%&'*+.^_`|~0-9a-z-]+$/.test(item.value);
}

/** The value of a component in one line. */
export function componentValue(component: Item, signed: SignedMessage): string {
  const name = String(component.value);
  const parameters = new Map(component.parameters);
  let { message } = signed;
  if (parameters.get("req") === true && message instanceof Response) {
    parameters.delete("req");
    if (!signed.request) throw uncovered(component, "it has no request");
    message = signed.request;
  }
  const value = name.startsWith("@")
    ? derivedValue(name, parameters, message, signed.origin)
    : fieldValue(name, parameters, message.headers);
  if (value === undefined) throw uncovered(component, "the message has no such value");
  if (!/^[\x20-\x7e\t]*$/.test(value)) throw uncovered(component, "its value is not ASCII");
  return value;
}

function derivedValue(
  name: string,
  parameters: Item["parameters"],
  message: Request | Response,
  origin: string | undefined,
): string | undefined {
  if (message instanceof Response) {
    return name === "@status" && parameters.size === 0 ? String(message.status) : undefined;
  }
  const target = targetOf(message.url, origin);
  if (name === "@query-param") {
    const parameter = parameters.get("name");
    if (parameters.size !== 1 || typeof parameter !== "string") return undefined;
    return queryParameter(target.query, parameter);
  }
  if (parameters.size > 0 || !Object.hasOwn(DERIVED, name)) return undefined;
  return DERIVED[name]!(message, target);
}

function fieldValue(
  name: string,
  parameters: Item["parameters"],
  headers: Headers,
): string | undefined {
  const value = headers.get(name);
  if (value === null || parameters.size > 1) return undefined;
  if (parameters.size === 0) return value.trim();
  const key = parameters.get("key");
  try {
    if (parameters.get("sf") === true && DICTIONARIES.has(name)) {
      return serializeDictionary(parseDictionary(value));
    }
    const member = typeof key === "string" ? parseDictionary(value).get(key) : undefined;
    return member && serializeMember(member);
  } catch {
    return undefined;
  }
}

function uncovered(component: Item, why: string): MessageSignatureError {
  return new MessageSignatureError("coverage", `it covers ${serializeItem(component)}, but ${why}`);
}
