/**
 * What an EndpointSlice says.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
 * @module
 */

/** One of the slices that list the pods of a service, as far as it matters here. */
export interface EndpointSlice {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly { readonly port?: number }[] | null;
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: {
    /** Not said means that it is. */
    readonly ready?: boolean | null;
    readonly terminating?: boolean | null;
  };
}

/** The addresses of pods that are ready and not about to go. */
export function addressesOf(slice: EndpointSlice, wantedPort: number): string[] {
  const port = wantedPort || slice.ports?.find((each) => each.port)?.port;
  if (!port) return [];
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
    .flatMap(({ addresses = [] }) => addresses)
    .map((ip) => ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
}
