/**
 * Certificates from files.
 *
 * @module
 */

import type { EtcdTls } from "./options.ts";

/** Certificates as a connection takes them. */
export interface Certificates {
  /** Certificates of authorities, PEM. */
  readonly caCerts?: readonly string[];
  /** The client's certificate chain, PEM. */
  readonly cert?: string;
  /** Its key, PEM. */
  readonly key?: string;
}

/**
 * The certificates of `tls`, those in files as they are now. Read at once: the files are small, and a name that is wrong is
 * told of where the client is made.
 *
 * @throws {TypeError} If a file cannot be read, or a certificate has no key.
 */
export function readCertificates(tls: EtcdTls): Certificates {
  const ca = tls.caFile ? [read("CACertFile", tls.caFile)] : [];
  const caCerts = [...tls.caCerts ?? [], ...ca];
  const cert = tls.certFile ? read("CertFile", tls.certFile) : tls.cert;
  const key = tls.keyFile ? read("CertKeyFile", tls.keyFile) : tls.key;
  if (!cert !== !key) {
    throw new TypeError("Cannot connect to etcd: the client's certificate and its key go together");
  }
  return { ...(caCerts.length > 0 ? { caCerts } : {}), ...(cert && key ? { cert, key } : {}) };
}

function read(what: string, file: string): string {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot connect to etcd: cannot read ${what} "${file}": ${why}`, { cause });
  }
  // Otherwise the connection would fail later, with words that name no file.
  if (!text.includes("-----BEGIN ")) {
    throw new TypeError(`Cannot connect to etcd: ${what} "${file}" is no PEM file`);
  }
  return text;
}
