/**
 * What is asked of the API server of Kubernetes.
 *
 * @module
 */

/** Sends requests to the API server of a cluster. */
export interface KubernetesApi extends Disposable {
  /** Where it is, for logs. */
  readonly name: string;
  /** Gets a path with its query, such as `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices`. */
  get(path: string, signal: AbortSignal): Promise<Response>;
}

/** Options for {@link connectKubernetes}. */
export interface KubernetesOptions {
  /** Where the API server is, `https://10.96.0.1:443`. */
  readonly url: string;
  /** The token that is sent; asked for with each request, for it changes. */
  readonly token?: (() => Promise<string>) | undefined;
  /** Certificates of authorities that are trusted beside those of the system, PEM. */
  readonly caCerts?: readonly string[] | undefined;
}

/**
 * An API server by its address, for programs outside of the cluster.
 *
 * @example Follow a service through `kubectl proxy`
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { connectKubernetes, KubernetesRegistry } from "@zeno/zeno/core/discovery/kubernetes";
 *
 * const api = () => Promise.resolve(connectKubernetes({ url: "http://127.0.0.1:8001" }));
 * await using registry = new KubernetesRegistry({ api });
 * assertEquals(registry instanceof KubernetesRegistry, true); // Now: registry.subscribe("default/greet:grpc")
 * ```
 */
export function connectKubernetes(options: KubernetesOptions): KubernetesApi {
  const { url, token, caCerts } = options;
  const base = url.replace(/\/+$/, "");
  // Over HTTP/1.1: a watch that has died in silence must not take the next one along. Through `globalThis`, so that
  // this also runs where there is no `Deno`.
  const client = globalThis.Deno?.createHttpClient({
    http2: false,
    ...(caCerts ? { caCerts: [...caCerts] } : {}),
  });
  return {
    name: `kubernetes ${base}`,
    async get(path, signal) {
      const headers: Record<string, string> = { Accept: "application/json" };
      if (token) headers.Authorization = `Bearer ${(await token()).trim()}`;
      return await fetch(base + path, { headers, signal, ...(client ? { client } : {}) });
    },
    [Symbol.dispose]: () => client?.close(),
  };
}
