/**
 * The certificate of a listener.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";

/**
 * Reads the PEM files of a certificate and its key.
 *
 * @throws {ServiceError} If one is not named or cannot be read.
 */
export async function readTls(
  certFile: string | undefined,
  keyFile: string | undefined,
): Promise<{ cert: string; key: string }> {
  return { cert: await readPem("CertFile", certFile), key: await readPem("KeyFile", keyFile) };
}

async function readPem(name: string, path: string | undefined): Promise<string> {
  if (!path) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot set up TLS: ${name} is not set; it takes CertFile and KeyFile both`,
    );
  }
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot set up TLS: ${name} "${path}" cannot be read; check the path`,
      { cause: error },
    );
  }
}
