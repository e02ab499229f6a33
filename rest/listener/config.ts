/**
 * Which listener a server uses, and its limits.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { int, int64, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";

/** The kinds of listeners; the module's page says when to use which. */
export type ListenerKind = "serve" | "node" | "connection";

/** The limits of a listener. All times are in ms; 0 is no limit, except where a field says otherwise. */
export interface ListenerLimits {
  /** Until a connection has sent a whole head, from its first byte or from being accepted. @default {10000} */
  readonly HeaderTimeout: number;
  /** Longest pause in a body: of the client's sending, or of its taking what it asked for. @default {10000} */
  readonly BodyTimeout: number;
  /** Until a connection that has been answered and asks nothing is closed. @default {75000} */
  readonly IdleTimeout: number;
  /** Bytes a second that a request's body must come at, on average, once `BodyTimeout` has passed. @default {500} */
  readonly MinBodyRate: number;
  /** Largest head in bytes, the request line included; > 0. @default {16384} */
  readonly MaxHeaderBytes: number;
  /** Most header fields; > 0. @default {100} */
  readonly MaxHeaders: number;
  /** Most connections at once. @default {10000} */
  readonly MaxConnections: number;
  /** Most connections at once of one address. Behind a proxy all have the proxy's. @default {1000} */
  readonly MaxConnectionsPerIp: number;
  /** Requests after which a connection is closed, announced by `connection: close`. @default {10000} */
  readonly MaxRequestsPerConnection: number;
}

/** Which listener a server uses. A limit that is left out has its default, if the kind can hold it. */
export interface ListenerConf extends Partial<ListenerLimits> {
  /** The kind. @default {"serve"} */
  readonly Kind: ListenerKind;
}

const limit = () => int().range("[0:]").optional();
const size = () => int().range("[1:]").optional();
const ms = () => int64().range("[0:]").optional();

/** The schema of {@link ListenerConf}. */
export const listenerConfig: ObjectSchema<ListenerConf> = object({
  Kind: string().options(["serve", "node", "connection"]).default("serve"),
  HeaderTimeout: ms(),
  BodyTimeout: ms(),
  IdleTimeout: ms(),
  MinBodyRate: int64().range("[0:]").optional(),
  MaxHeaderBytes: size(),
  MaxHeaders: size(),
  MaxConnections: limit(),
  MaxConnectionsPerIp: limit(),
  MaxRequestsPerConnection: limit(),
});

const DEFAULTS: ListenerLimits = {
  HeaderTimeout: 10_000,
  BodyTimeout: 10_000,
  // Longer than the minute after which most load balancers close: whoever closes first cannot lose a request.
  IdleTimeout: 75_000,
  MinBodyRate: 500,
  MaxHeaderBytes: 16_384,
  MaxHeaders: 100,
  MaxConnections: 10_000,
  MaxConnectionsPerIp: 1_000,
  MaxRequestsPerConnection: 10_000,
};

/** The limits that each kind holds. */
const HELD: Readonly<Record<ListenerKind, readonly (keyof ListenerLimits)[]>> = {
  serve: [],
  connection: [
    "HeaderTimeout",
    "BodyTimeout",
    "IdleTimeout",
    "MaxConnections",
    "MaxConnectionsPerIp",
    "MaxRequestsPerConnection",
  ],
  node: Object.keys(DEFAULTS) as (keyof ListenerLimits)[],
};

/**
 * The limits of a listener, with the defaults of those that are not set.
 *
 * @throws {ServiceError} If a limit is set that the kind cannot hold: better no server than one that only looks safe.
 */
export function limitsOf(conf: Partial<ListenerConf>): ListenerLimits {
  const { Kind = "serve", ...set } = conf;
  const names = (Object.keys(set) as (keyof ListenerLimits)[]).filter((name) =>
    set[name] !== undefined
  );
  const lost = names.filter((name) => !HELD[Kind].includes(name));
  if (lost.length > 0) throw notHeld(Kind, lost);
  return { ...DEFAULTS, ...Object.fromEntries(names.map((name) => [name, set[name]])) };
}

function notHeld(kind: ListenerKind, lost: readonly (keyof ListenerLimits)[]): ServiceError {
  const able = (["connection", "node"] as const).filter((other) =>
    lost.every((name) => HELD[other].includes(name))
  );
  return new ServiceError(
    "failed_precondition",
    `Cannot listen: Listener.Kind ${kind} cannot hold ${lost.join(", ")}; ` +
      `use Kind ${able.join(" or ")}, or leave it out`,
  );
}
