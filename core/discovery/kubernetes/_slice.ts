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
  readonly ports?: readonly SlicePort[] | null;
}

interface SlicePort {
  readonly name?: string | null;
  readonly port?: number | null;
  /** Not said means TCP. */
  readonly protocol?: string | null;
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
export function addressesOf(slice: EndpointSlice, wantedPort: number | string): string[] {
  const port = portOf(slice, wantedPort);
  if (!port) return [];
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
    .flatMap(({ addresses = [] }) => addresses)
    .map((ip) => ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
}

function portOf({ ports }: EndpointSlice, wanted: number | string): number | undefined {
  if (typeof wanted === "number" && wanted > 0) return wanted;
  const found = (ports ?? []).find(({ name, port, protocol }) =>
    port && (protocol ?? "TCP") === "TCP" && (wanted === 0 || name === wanted)
  );
  return found?.port ?? undefined;
}
