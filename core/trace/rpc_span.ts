/**
 * What the spans of RPC calls say, in the names that go-zero services and their dashboards use.
 *
 * @see https://github.com/open-telemetry/opentelemetry-specification/blob/v1.4.0/specification/trace/semantic_conventions/rpc.md
 * @module
 */

import type { Attributes } from "./span.ts";

/** The name and the attributes of the span of a call. */
export interface RpcSpanStart {
  /** The full method without slashes in front. */
  readonly name: string;
  /** `rpc.system`, `rpc.service` and `rpc.method`, `net.peer.ip` and `net.peer.port`. */
  readonly attributes: Attributes;
}

/**
 * How to name the span of a call. Set `rpc.grpc.status_code` once it is known.
 *
 * @param fullMethod The method as gRPC has it in the path.
 * @param peer The other side as `host:port`; without a host it is this machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { name, attributes } = rpcSpanStart("/grpc.test.EchoService/Echo", "192.168.0.2:8080");
 * assertEquals(name, "grpc.test.EchoService/Echo");
 * assertEquals(attributes["rpc.service"], "grpc.test.EchoService");
 * assertEquals(attributes["net.peer.port"], "8080");
 * ```
 */
export function rpcSpanStart(fullMethod: string, peer: string = ""): RpcSpanStart {
  const name = fullMethod.replace(/^\/+/, "");
  const slash = name.indexOf("/");
  return {
    name,
    attributes: {
      "rpc.system": "grpc",
      "rpc.service": name.slice(0, Math.max(0, slash)) || undefined,
      "rpc.method": slash < 0 ? undefined : name.slice(slash + 1) || undefined,
      ...peerAttributes(peer),
    },
  };
}

function peerAttributes(peer: string): Attributes {
  const colon = peer.lastIndexOf(":");
  const port = peer.slice(colon + 1);
  if (colon < 0 || !(Number(port) > 0)) return {};
  const host = peer.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { "net.peer.ip": host || "127.0.0.1", "net.peer.port": port };
}
