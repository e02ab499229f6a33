/**
 * Under which address others find a server.
 *
 * @module
 */

/** What {@link publishedAddress} looks at. */
export interface HostNames {
  /** The address of the pod, if the process runs in one. */
  podIp?: string | undefined;
  /** The first address of the machine that others can reach. */
  internalIp?: string | undefined;
}

/**
 * The address to register of a server that listens on `listenOn`. One that listens on all interfaces is found under the
 * address of its pod, or else of its machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(publishedAddress(":8080", { internalIp: "10.1.2.3" }), "10.1.2.3:8080");
 * assertEquals(publishedAddress("192.168.0.5:1234", { internalIp: "10.1.2.3" }), "192.168.0.5:1234");
 * ```
 */
export function publishedAddress(listenOn: string, { podIp, internalIp }: HostNames): string {
  const colon = listenOn.lastIndexOf(":");
  const host = colon < 0 ? listenOn : listenOn.slice(0, colon);
  if (!["", "0.0.0.0", "[::]"].includes(host)) return listenOn;
  const published = podIp || internalIp;
  if (!published) return listenOn;
  return colon < 0 ? published : `${published}${listenOn.slice(colon)}`;
}
