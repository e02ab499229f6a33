/**
 * Where a service is.
 *
 * @module
 */

import type { RpcClientConf } from "./config.ts";

/** Where a service is, in parts: `scheme://authority/path?query`. */
export interface Target {
  /** The whole text. */
  readonly text: string;
  /** Who knows how to find it; empty for a plain address. */
  readonly scheme: string;
  /** What stands between the two slashes and the next. */
  readonly authority: string;
  /** What follows, without the slash before it. */
  readonly path: string;
  /** What stands behind a question mark. */
  readonly query: URLSearchParams;
}

/** The addresses of one service, which may change. A `Subscription` of `core/discovery` is one. */
export interface AddressFeed extends AsyncDisposable {
  /** The addresses, as soon as there is a list. Rejects once aborted. */
  resolve(options?: { signal?: AbortSignal | undefined }): Promise<readonly string[]>;
  /** Tells `listener` of every list from now on, until the answer is disposed. */
  subscribe(listener: (addresses: readonly string[]) => void): Disposable;
}

/** Finds services. */
export interface Resolver {
  /** The schemes of the targets that it understands. */
  readonly schemes: readonly string[];
  /**
   * The addresses of a service. Does not wait.
   *
   * @throws {SyntaxError} If there is something wrong with the target.
   */
  resolve(target: Target): AddressFeed;
}

/**
 * Takes the text of a target apart.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { scheme, authority, path } = parseTarget("k8s://shop/orders:8080");
 * assertEquals([scheme, authority, path], ["k8s", "shop", "orders:8080"]);
 * assertEquals(parseTarget("localhost:8080").path, "localhost:8080");
 * ```
 */
export function parseTarget(text: string): Target {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)\/?([^?]*)(?:\?(.*))?$/.exec(text);
  if (!match) {
    return { text, scheme: "", authority: "", path: text, query: new URLSearchParams() };
  }
  const [, scheme = "", authority = "", path = "", query] = match;
  return {
    text,
    scheme: scheme.toLowerCase(),
    authority,
    path,
    query: new URLSearchParams(query),
  };
}

/**
 * The target of a configuration: its `Endpoints`, else its `Target`, else what its `Etcd` section says.
 *
 * @throws {TypeError} If it says nothing.
 */
export function targetOf({ Endpoints, Target, Etcd }: RpcClientConf): string {
  if (Endpoints.length > 0) return `direct:///${Endpoints.join(",")}`;
  if (Target !== "") return Target;
  if (!Etcd) throw new TypeError("Cannot make RPC client: need one of Endpoints, Target and Etcd");
  if (Etcd.Hosts.length === 0) throw new TypeError("Cannot make RPC client: empty etcd hosts");
  if (Etcd.Key === "") throw new TypeError("Cannot make RPC client: empty etcd key");
  return `etcd:///${Etcd.Hosts.join(",")}?key=${encodeURIComponent(Etcd.Key)}`;
}
