/**
 * Whose request it is, behind proxies.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { addressOfNode, parseForwarded, parseForwardedFor } from "./forwarded.ts";
import { formatIp, type IpAddress, IpBlocks, parseIp } from "./ip_address.ts";

/** Options for {@link clientAddress}. */
export interface ClientAddressOptions {
  /**
   * The proxies in front of the service: blocks as `10.0.0.0/8`, single addresses, and `unix` for whoever comes by a unix
   * socket. What others say of themselves is not believed. @default {[]}
   */
  trustedProxies?: readonly string[];
  /** The header that the proxies write. @default {"x-forwarded-for"} */
  header?: "x-forwarded-for" | "forwarded";
}

/** Tells the address of the client. */
export type ClientAddress = (request: Request, context: Context) => string;

/** More proxies than that stand before no service. */
const MAX_HOPS = 32;

/**
 * Makes what tells the address of a client: the last one that no trusted proxy has. The header is read from right to left,
 * beginning with the peer, for as long as a trusted proxy wrote the entry; what stands left of that, the client can have
 * made up. An address that cannot be read ends it too, and the proxy that wrote it is the answer.
 *
 * It is empty if the listener did not say who the peer is. Addresses of version 6 are written in full.
 *
 * @throws {SyntaxError} If a block is malformed.
 */
export function clientAddress(options: ClientAddressOptions = {}): ClientAddress {
  const { trustedProxies = [], header = "x-forwarded-for" } = options;
  const trustsUnix = trustedProxies.includes("unix");
  const blocks = new IpBlocks(trustedProxies.filter((block) => block !== "unix"));
  const isTrusted = (address: IpAddress | undefined) => address ? blocks.has(address) : trustsUnix;
  const parse = header === "forwarded" ? parseForwarded : parseForwardedFor;
  return ({ headers }, { remoteAddr }) => {
    const peer = parseIp(addressOfNode(remoteAddr));
    let found = peer ? formatIp(peer) : remoteAddr;
    if (!remoteAddr || !isTrusted(peer)) return found;
    const text = headers.get(header);
    const nodes = text === null ? [] : parse(text).slice(-MAX_HOPS);
    for (const node of nodes.toReversed()) {
      const address = parseIp(addressOfNode(node));
      if (!address) break;
      found = formatIp(address);
      if (!isTrusted(address)) break;
    }
    return found;
  };
}
