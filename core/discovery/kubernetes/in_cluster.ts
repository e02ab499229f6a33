/**
 * The cluster in which this process runs.
 *
 * @module
 */

import { connectKubernetes, type KubernetesApi } from "./api.ts";

/** Where a pod finds what it needs to speak to its cluster. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Options for {@link inClusterApi}, for tests. */
export interface InClusterOptions {
  /** The folder of the service account. @default {"/var/run/secrets/kubernetes.io/serviceaccount"} */
  readonly folder?: string | undefined;
}

/**
 * The API server of the cluster in which this process runs, with the service account of its pod. That account needs to be
 * allowed to `list` and `watch` `endpointslices` of `discovery.k8s.io`. Its token is read anew with each request, and the
 * authority of the cluster when a connection fails, for both change.
 *
 * Needs `--allow-env=KUBERNETES_SERVICE_HOST,KUBERNETES_SERVICE_PORT` and `--allow-read` for the folder.
 *
 * @throws {TypeError} If this is no pod.
 */
export async function inClusterApi(options: InClusterOptions = {}): Promise<KubernetesApi> {
  const { folder = ACCOUNT } = options;
  const host = Deno.env.get("KUBERNETES_SERVICE_HOST");
  if (!host) {
    throw new TypeError(
      "Cannot find Kubernetes: KUBERNETES_SERVICE_HOST is not set, this is no pod of a cluster",
    );
  }
  const port = Deno.env.get("KUBERNETES_SERVICE_PORT") ?? "443";
  const url = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const token = () => Deno.readTextFile(`${folder}/token`);
  const connect = (ca: string) => connectKubernetes({ url, token, caCerts: [ca] });
  let ca = await Deno.readTextFile(`${folder}/ca.crt`);
  let api = connect(ca);
  return {
    name: api.name,
    async get(path, signal) {
      const used = api;
      try {
        return await used.get(path, signal);
      } catch (error) {
        // The authority may be another by now; the next request is made with that.
        const now = await Deno.readTextFile(`${folder}/ca.crt`).catch(() => ca);
        if (now !== ca && used === api) {
          used[Symbol.dispose]();
          api = connect(ca = now);
        }
        throw error;
      }
    },
    [Symbol.dispose]: () => api[Symbol.dispose](),
  };
}
