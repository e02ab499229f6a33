/**
 * The address under which others find a service.
 *
 * @module
 */

/** What {@link publishedAddress} knows of the machine. */
export interface MachineAddress {
  /** The address of the pod, where there is one: what `POD_IP` says. */
  readonly podIp?: string | undefined;
  /** The address of the machine in its network: what `internalIp()` of `core/netx` finds. */
  readonly internalIp?: string | undefined;
}

/** Hosts that say "wherever", which others cannot connect to. */
const ANYWHERE: ReadonlySet<string> = new Set(["", "0.0.0.0", "::", "[::]"]);

/**
 * The address that a service publishes which listens on `listenOn`: the same, unless it listens wherever it can. Then it is
 * the pod's or else the machine's address with the same port.
 *
 * @throws {TypeError} If an address of the machine is needed and there is none.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(publishedAddress("0.0.0.0:8080", { internalIp: "10.1.2.3" }), "10.1.2.3:8080");
 * assertEquals(publishedAddress("192.168.0.5:1234", {}), "192.168.0.5:1234");
 * ```
 */
export function publishedAddress(listenOn: string, machine: MachineAddress): string {
  const colon = listenOn.lastIndexOf(":");
  const host = colon < 0 ? listenOn : listenOn.slice(0, colon);
  if (!ANYWHERE.has(host)) return listenOn;
  const ip = machine.podIp || machine.internalIp;
  if (!ip) {
    throw new TypeError(
      `Cannot publish "${listenOn}": this machine has no address in a network, name one to listen on`,
    );
  }
  if (colon < 0) return ip;
  const isBare = ip.includes(":") && !ip.startsWith("[");
  return `${isBare ? `[${ip}]` : ip}${listenOn.slice(colon)}`;
}
