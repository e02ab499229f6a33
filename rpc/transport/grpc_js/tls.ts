/**
 * Certificates of both ends.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type WireCredentials, wireCredentials, WireServerCredentials } from "./driver.ts";

/** How a client proves whom it talks to. All texts are PEM. */
export interface ClientTls {
  /** Certificates of the authorities that are trusted. @default {those of the platform} */
  ca?: string | undefined;
  /** The client's own certificate, with those in between, if the server asks for one. It must be of version 3. */
  cert?: string | undefined;
  /** The key of {@link cert}. */
  key?: string | undefined;
  /** The name that the server's certificate must have. Needed where the address is an IP address. @default {the host} */
  serverName?: string | undefined;
  /** Whether any certificate will do, which protects from nobody. @default {false} */
  insecureSkipVerify?: boolean | undefined;
}

/** How a server proves who it is. All texts are PEM. */
export interface ServerTls {
  /** The certificate, with those in between. */
  cert: string;
  /** Its key. */
  key: string;
  /** Certificates of the authorities whose clients are let in; without it clients need none. */
  clientCa?: string | undefined;
}

/** Credentials of a client for the package. */
export function clientCredentials(
  tls: ClientTls | undefined,
): WireCredentials {
  if (!tls) return wireCredentials.createInsecure();
  const { ca, cert, key, insecureSkipVerify = false } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError("Cannot set up TLS: cert and key belong together, and one is missing");
  }
  return wireCredentials.createSsl(
    ca === undefined ? null : Buffer.from(ca),
    key === undefined ? null : Buffer.from(key),
    cert === undefined ? null : Buffer.from(cert),
    { rejectUnauthorized: !insecureSkipVerify },
  );
}

/** Credentials of a server for the package. */
export function serverCredentials(tls: ServerTls | undefined): WireServerCredentials {
  if (!tls) return WireServerCredentials.createInsecure();
  const { cert, key, clientCa } = tls;
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  // Without roots the package sends all those it knows along, and clients break off at so large a handshake.
  const roots = clientCa === undefined ? Buffer.alloc(0) : Buffer.from(clientCa);
  return WireServerCredentials.createSsl(roots, [pair], clientCa !== undefined);
}

/**
 * Checks that TLS can be had with this address: the runtime takes no IP address as the name of a server.
 *
 * @throws {TypeError} If it has to be told the name.
 */
export function checkServerName(address: string, tls: ClientTls | undefined): void {
  if (!tls || tls.serverName !== undefined) return;
  const host = address.replace(/:\d+$/, "");
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host) && !host.includes(":")) return;
  throw new TypeError(
    `Cannot use TLS with ${address}: the runtime needs a name to check; set tls.serverName to one of the certificate's`,
  );
}
