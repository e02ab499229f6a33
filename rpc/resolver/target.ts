/**
 * What names a service to be called.
 *
 * @module
 */

/** Where the addresses of a service come from. */
export type Target =
  | { readonly scheme: "direct"; readonly addresses: readonly string[] }
  | { readonly scheme: "etcd"; readonly hosts: readonly string[]; readonly key: string }
  | {
    readonly scheme: "k8s";
    readonly namespace: string;
    readonly service: string;
    /** A number of the pods' or a name of the service's; 0 for the first that there is. */
    readonly port: number | string;
  }
  | { readonly scheme: "dns"; readonly host: string; readonly port: number }
  | { readonly scheme: "inproc"; readonly name: string };

/** The parts of a target. */
export interface TargetParts {
  /** What stands before `://`, in small letters; empty if there is no such thing. */
  readonly scheme: string;
  /** What stands between `://` and the next slash. */
  readonly authority: string;
  /** What comes after that slash, up to a question mark. */
  readonly path: string;
  /** What comes after the question mark. */
  readonly query: string;
}

/**
 * Splits a target. No URL as browsers have them: an authority may be a list.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = splitTarget("etcd://h1:2379,h2:2379/greet.rpc");
 * assertEquals([parts.scheme, parts.authority, parts.path], ["etcd", "h1:2379,h2:2379", "greet.rpc"]);
 * ```
 */
export function splitTarget(target: string): TargetParts {
  const end = target.indexOf("://");
  if (end < 0) return { scheme: "", authority: "", path: target, query: "" };
  const rest = target.slice(end + 3);
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const [path = "", query = ""] = (slash < 0 ? "" : rest.slice(slash + 1)).split(/\?(.*)/s, 2);
  return { scheme: target.slice(0, end).toLowerCase(), authority, path, query };
}

/**
 * Reads a target.
 *
 * | form | means |
 * |---|---|
 * | `direct:///a:1,b:2` | these addresses |
 * | `a:1` | this address |
 * | `etcd:///h1:2379,h2:2379?key=greet.rpc`, `etcd://h1:2379/greet.rpc` | what is published under the key; `discov` is the same |
 * | `k8s://namespace/service:port` | the ready pods of a service; the namespace is `default`, the port its first if they are left out; a port is a number, or a name such as `grpc` |
 * | `dns:///host:port` | all addresses of a name |
 * | `inproc:///name` | a service of the same process |
 *
 * @throws {SyntaxError} If it is no target; the message says what is wrong.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseTarget("direct:///a:1,b:2"), { scheme: "direct", addresses: ["a:1", "b:2"] });
 * ```
 */
export function parseTarget(target: string): Target {
  const parts = splitTarget(target);
  switch (parts.scheme) {
    case "":
      return { scheme: "direct", addresses: [checkHostPort(target, parts.path)] };
    case "direct":
      return parseDirect(target, parts);
    case "etcd":
    case "discov":
      return parseEtcd(target, parts);
    case "k8s":
      return parseKubernetes(target, parts);
    case "dns":
      return parseDns(target, parts);
    case "inproc":
      if (parts.path === "") throw refuse(target, "it has no name");
      return { scheme: "inproc", name: parts.path };
    default:
      throw refuse(target, "need direct, etcd, discov, k8s, dns or inproc before ://");
  }
}

/** The target of addresses that are known. */
export function directTarget(addresses: readonly string[]): string {
  return `direct:///${addresses.join(",")}`;
}

/** The target of a service that is published in etcd under `key`. */
export function etcdTarget(hosts: readonly string[], key: string): string {
  return `etcd:///${hosts.join(",")}?key=${encodeURIComponent(key)}`;
}

/** The items of a list; empty ones do not count. */
function itemsOf(list: string): string[] {
  return list.split(",").filter((item) => item !== "");
}

function parseDirect(target: string, { path }: TargetParts): Target {
  const addresses = itemsOf(path);
  if (addresses.length === 0) throw refuse(target, "it has no address");
  return { scheme: "direct", addresses };
}

function parseEtcd(target: string, { authority, path, query }: TargetParts): Target {
  const hosts = itemsOf(authority === "" ? path : authority);
  const key = authority === ""
    ? new URLSearchParams(query).get("key") ?? ""
    : path.replace(/^\/+|\/+$/g, "");
  if (hosts.length === 0) throw refuse(target, "empty etcd hosts");
  if (key === "") throw refuse(target, "empty etcd key");
  return { scheme: "etcd", hosts, key };
}

function parseKubernetes(target: string, { authority, path }: TargetParts): Target {
  const [, service, port = "0"] = /^([^:/]+)(?::(\d+|[a-z][a-z0-9-]*))?\/?$/.exec(path) ?? [];
  if (service === undefined || authority.includes(":")) {
    throw refuse(target, "need k8s://namespace/service:port");
  }
  const namespace = authority === "" ? "default" : authority;
  return { scheme: "k8s", namespace, service, port: /^\d/.test(port) ? Number(port) : port };
}

function parseDns(target: string, { path }: TargetParts): Target {
  const colon = checkHostPort(target, path).lastIndexOf(":");
  const host = path.slice(0, colon).replace(/^\[|\]$/g, "");
  return { scheme: "dns", host, port: Number(path.slice(colon + 1)) };
}

function checkHostPort(target: string, address: string): string {
  if (/^(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\\:,]+):\d{1,5}$/.test(address)) return address;
  throw refuse(target, "need host:port");
}

function refuse(target: string, why: string): SyntaxError {
  return new SyntaxError(`Cannot use target "${target}": ${why}`);
}
