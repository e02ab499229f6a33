/** What {@link internalIp} looks at of a network interface. */
export interface NetworkAddress {
  /** What the interface is called. */
  readonly name: string;
  /** The kind of address. */
  readonly family: "IPv4" | "IPv6";
  /** The address as text. */
  readonly address: string;
}

/**
 * The address by which others in the network reach this machine: the first IPv4 address of an interface
 * that is up and is no loopback. Undefined if there is none, as on a machine without network. This is
 * what a service registers that listens on all interfaces.
 *
 * Needs `--allow-sys=networkInterfaces`.
 *
 * @param addresses Where to look. The interfaces of this machine by default.
 * @throws {Deno.errors.NotCapable} Without the permission.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const address = internalIp([
 *   { name: "lo", family: "IPv4", address: "127.0.0.1" },
 *   { name: "eth0", family: "IPv4", address: "10.1.2.3" },
 * ]);
 * assertEquals(address, "10.1.2.3");
 * ```
 */
export function internalIp(
  addresses: readonly NetworkAddress[] = Deno.networkInterfaces(),
): string | undefined {
  // The system lists only interfaces that are up and have an address.
  return addresses.find(({ family, address }) => family === "IPv4" && !isUseless(address))?.address;
}

/** Loopback, nothing in particular, and what a machine gives itself when nobody gave it an address. */
function isUseless(address: string): boolean {
  return address.startsWith("127.") || address.startsWith("169.254.") || address === "0.0.0.0";
}
