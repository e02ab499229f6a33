/**
 * The HTTP connections to etcd.
 *
 * @module
 */

import type { EtcdOptions, EtcdTls } from "./options.ts";
import { type Certificates, readCertificates } from "./_tls_files.ts";

/** Sends requests, and can be told that its connections are dead. */
export interface Pool extends Disposable {
  /** Sends a request. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Uses new connections from now on; requests in flight keep theirs. */
  renew(): void;
  /** Uses new connections if there are other certificates in the files by now: those in use may have run out. */
  refresh(): void;
  /** Speaks gRPC from now on; false if it does so already, or requests are sent by somebody else. */
  speakGrpc(): boolean;
}

/** Connections that were opened with the same certificates. */
interface Connections extends Disposable {
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/**
 * Opens connections. They speak HTTP/1.1: over HTTP/2 all requests share one connection, and if that dies in silence
 * no request can get a new one until the system gives it up, a quarter of an hour later.
 *
 * @throws {TypeError} If there is `tls` and its files cannot be read, or the runtime cannot use its certificates.
 */
export function openPool(options: EtcdOptions): Pool {
  const { tls = {} } = options;
  const send = options.fetch;
  let isGrpc = false;
  const open = (certificates: Certificates): Connections => {
    if (send) return { fetch: (url, init) => send(url, init), [Symbol.dispose]() {} };
    return isGrpc ? connectGrpc(tls, certificates) : connect(tls, certificates);
  };
  let certificates = send ? {} : readCertificates(tls);
  let connections: Connections | undefined = open(certificates);
  const renew = () => {
    if (!connections) return;
    connections[Symbol.dispose]();
    connections = open(certificates);
  };
  return {
    fetch(url, init) {
      if (!connections) return Promise.reject(new TypeError("the client is closed"));
      return connections.fetch(url, init);
    },
    renew,
    refresh() {
      if (!tls.caFile && !tls.certFile) return;
      const now = readOrKeep(tls, certificates);
      if (JSON.stringify(now) === JSON.stringify(certificates)) return;
      certificates = now;
      renew();
    },
    speakGrpc() {
      if (isGrpc || send) return false;
      isGrpc = true;
      renew();
      return true;
    },
    [Symbol.dispose]() {
      connections?.[Symbol.dispose]();
      connections = undefined;
    },
  };
}

/** Files that are being exchanged may be away, or half there. */
function readOrKeep(tls: EtcdTls, before: Certificates): Certificates {
  try {
    return readCertificates(tls);
  } catch {
    return before;
  }
}

function connect(tls: EtcdTls, certificates: Certificates): Connections {
  if (tls.insecureSkipVerify) return connectUnchecked(certificates);
  // Through `globalThis`, so that this also runs where there is no `Deno`.
  const create = globalThis.Deno?.createHttpClient;
  const { caCerts, cert, key } = certificates;
  if (!create) {
    if (caCerts || cert) {
      throw new TypeError("Cannot connect to etcd: this runtime takes no certificates");
    }
    return { fetch, [Symbol.dispose]() {} };
  }
  const client = create({
    http2: false,
    ...(caCerts ? { caCerts: [...caCerts] } : {}),
    ...(cert && key ? { cert, key } : {}),
  });
  return {
    fetch: (url, init) => fetch(url, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}

function connectUnchecked(certificates: Certificates): Connections {
  return lazily(async () => {
    const { openUncheckedFetch } = await import("./_unchecked_fetch.ts");
    return openUncheckedFetch(certificates);
  });
}

function connectGrpc({ insecureSkipVerify }: EtcdTls, certificates: Certificates): Connections {
  return lazily(async () => {
    const { GrpcConnections } = await import("./_grpc_connections.ts");
    return new GrpcConnections({ ...certificates, insecureSkipVerify });
  });
}

/** Only those who need them load what such connections are made of. */
function lazily(open: () => Promise<Connections>): Connections {
  let opened: Promise<Connections> | undefined;
  return {
    async fetch(url, init) {
      return await (await (opened ??= open())).fetch(url, init);
    },
    [Symbol.dispose]: () => void opened?.then((connections) => connections[Symbol.dispose]()),
  };
}
