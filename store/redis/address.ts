/**
 * Where servers are.
 *
 * @module
 */

/** Where a server is. */
export interface RedisAddress {
  /** Name or address of the machine, an IPv6 one without brackets. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
}

/**
 * The addresses in a list with commas, each once, in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(splitHosts("a:1, b:2, a:1"), ["a:1", "b:2"]);
 * ```
 */
export function splitHosts(hosts: string): string[] {
  return [...new Set(hosts.split(",").map((host) => host.trim()))];
}

/**
 * Reads `host:port`; without a port it is 6379.
 *
 * @throws {SyntaxError} If it is no address.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseAddress("[::1]:7000"), { host: "::1", port: 7000 });
 * ```
 */
export function parseAddress(text: string): RedisAddress {
  const [, inBrackets, plain, digits = "6379"] =
    /^(?:\[([^\]]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = inBrackets ?? plain;
  const port = Number(digits);
  if (!host || port === 0 || port > 65_535) {
    throw new SyntaxError(`Cannot parse Redis address: need host:port, got "${text}"`);
  }
  return { host, port };
}
