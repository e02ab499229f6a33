/**
 * Whom a limit is for.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { claimsOf } from "../jwt/authorize.ts";
import { clientAddress, type ClientAddressOptions } from "./client_address.ts";
import { formatIp, maskIp, parseIp } from "./ip_address.ts";

/** Tells whom a request counts for; `undefined` if it is not known. */
export type RateLimitKey = (request: Request, context: Context) => string | undefined;

/** Options for {@link byAddress}. */
export interface ByAddressOptions extends ClientAddressOptions {
  /**
   * How many bits of an address of version 6 are looked at, 1 to 128. Whoever has one such address has 2^64 of them.
   * @default {64}
   */
  ipv6Bits?: number;
}

/**
 * Limits each address of a client.
 *
 * @throws {SyntaxError} If a block is malformed.
 * @throws {RangeError} If `ipv6Bits` is out of range.
 */
export function byAddress(options: ByAddressOptions = {}): RateLimitKey {
  const { ipv6Bits = 64 } = options;
  if (!(Number.isInteger(ipv6Bits) && ipv6Bits >= 1 && ipv6Bits <= 128)) {
    throw new RangeError(`Cannot limit addresses: need ipv6Bits from 1 to 128, got ${ipv6Bits}`);
  }
  const addressOf = clientAddress(options);
  return (request, context) => {
    const text = addressOf(request, context);
    const address = parseIp(text);
    if (address?.length !== 16) return text && `ip:${text}`;
    return `ip:${formatIp(maskIp(address, ipv6Bits))}/${ipv6Bits}`;
  };
}

/** Limits each value of a header, such as a key of an API. */
export function byHeader(name: string): RateLimitKey {
  return ({ headers }) => {
    const value = headers.get(name);
    return value ? `header:${value}` : undefined;
  };
}

/** Limits each value of a claim, such as `sub`. `authorize` must run before. */
export function byClaim(name: string): RateLimitKey {
  return (_, context) => {
    const claims = claimsOf(context);
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const isName = ["string", "number", "bigint"].includes(typeof value);
    return isName ? `claim:${value}` : undefined;
  };
}

/** Limits by the first key that is known, so that those without a claim are limited by their address. */
export function firstOf(...keys: readonly RateLimitKey[]): RateLimitKey {
  return (request, context) => {
    for (const key of keys) {
      const found = key(request, context);
      if (found) return found;
    }
    return undefined;
  };
}
