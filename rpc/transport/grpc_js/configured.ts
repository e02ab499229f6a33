/**
 * Transports by the keys of a configuration.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/log/logger.ts";
import type { ServerTransport } from "../transport.ts";
import { runtimeFault } from "./runtime_guard.ts";
import { grpcServerTransport } from "./server_transport.ts";
import type { ServerTls } from "./tls.ts";

/** The keys of a server's configuration that are the transport's. */
export interface ServerTransportKeys {
  /** Largest request in bytes; 0 is unlimited. */
  readonly MaxReceiveBytes: number;
  /** How long a connection may be without a call, in ms; 0 is for ever. */
  readonly MaxConnectionIdle: number;
  /** How old a connection may get, in ms; 0 is for ever. */
  readonly MaxConnectionAge: number;
  /** Path of the certificate, PEM. */
  readonly CertFile?: string;
  /** Path of its key, PEM. */
  readonly KeyFile?: string;
  /** Path of the certificate of the authority whose clients are let in, PEM. */
  readonly ClientCaFile?: string;
}

/** Makes the transport of a server, and says if the runtime is one that should not serve. */
export async function configuredServerTransport(
  keys: ServerTransportKeys,
  log: Pick<Logger, "error">,
): Promise<ServerTransport> {
  const fault = runtimeFault();
  if (fault) log.error(fault);
  return grpcServerTransport({
    tls: await readServerTls(keys),
    maxReceiveBytes: keys.MaxReceiveBytes || Infinity,
    maxIdleMs: keys.MaxConnectionIdle || Infinity,
    maxAgeMs: keys.MaxConnectionAge || Infinity,
  });
}

async function readServerTls(keys: ServerTransportKeys): Promise<ServerTls | undefined> {
  const { CertFile, KeyFile, ClientCaFile } = keys;
  if (!CertFile || !KeyFile) {
    if (!ClientCaFile) return undefined;
    throw new ServiceError(
      "failed_precondition",
      "Cannot set up TLS: ClientCaFile is set without CertFile and KeyFile; set them, or leave it out",
    );
  }
  return {
    cert: await readPem("CertFile", CertFile),
    key: await readPem("KeyFile", KeyFile),
    clientCa: ClientCaFile ? await readPem("ClientCaFile", ClientCaFile) : undefined,
  };
}

async function readPem(name: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot set up TLS: ${name} "${path}" cannot be read; check the path`,
      { cause },
    );
  }
}
