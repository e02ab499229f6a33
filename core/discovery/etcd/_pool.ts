/**
 * The HTTP connections to etcd.
 *
 * @module
 */

import type { EtcdOptions } from "./options.ts";

/** Sends requests, and can be told that its connections are dead. */
export interface Pool extends Disposable {
  /** Sends a request. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Uses new connections from now on; requests in flight keep theirs. */
  renew(): void;
}

/**
 * Opens connections. They speak HTTP/1.1: over HTTP/2 all requests share one connection, and if that dies in silence
 * no request can get a new one until the system gives it up, a quarter of an hour later.
 *
 * @throws {TypeError} If there is `tls` and the runtime cannot use its certificates.
 */
export function openPool(options: EtcdOptions): Pool {
  const { tls } = options;
  const send = options.fetch;
  if (send) return { fetch: (url, init) => send(url, init), renew() {}, [Symbol.dispose]() {} };
  // Through `globalThis`, so that this also runs where there is no `Deno`.
  const create = globalThis.Deno?.createHttpClient;
  if (!create) {
    if (tls?.caCerts || tls?.cert) {
      throw new TypeError("Cannot connect to etcd: this runtime takes no certificates");
    }
    return { fetch: (url, init) => fetch(url, init), renew() {}, [Symbol.dispose]() {} };
  }
  const open = () =>
    create({
      http2: false,
      ...(tls?.caCerts ? { caCerts: [...tls.caCerts] } : {}),
      ...(tls?.cert && tls.key ? { cert: tls.cert, key: tls.key } : {}),
    });
  let client: Deno.HttpClient | undefined = open();
  return {
    fetch(url, init) {
      if (!client) throw new TypeError("the client is closed");
      return fetch(url, { ...init, client });
    },
    renew() {
      if (!client) return;
      client.close();
      client = open();
    },
    [Symbol.dispose]() {
      client?.close();
      client = undefined;
    },
  };
}
