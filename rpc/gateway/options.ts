/**
 * How a gateway translates.
 *
 * @module
 */

import type { Context } from "../../rest/context.ts";
import type { RouteOptions } from "../../rest/route.ts";
import type { MetadataValue } from "../metadata.ts";
import type { GatewayJsonOptions } from "./transcode/answerer.ts";

/** What goes upstream with a call besides what always does. */
export type MetadataSource = (
  request: Request,
  context: Context,
) => Iterable<readonly [name: string, value: MetadataValue]>;

/** Options of the routes of a gateway. */
export interface GatewayRouteOptions {
  /** How answers of plain HTTP are written. */
  readonly json?: GatewayJsonOptions | undefined;
  /** More metadata for every call; it takes the place of what the client has sent under the same name. */
  readonly metadata?: MetadataSource | undefined;
  /** Whether methods also answer the Connect protocol, at `/package.Service/Method`. @default {true} */
  readonly connect?: boolean | undefined;
  /** Whether methods also answer gRPC-Web, at `/package.Service/Method`. @default {true} */
  readonly grpcWeb?: boolean | undefined;
  /**
   * Which headers of Connect and gRPC-Web go upstream, by their name in small letters. There headers are metadata; cookies and
   * what browsers add never go. @default {all}
   */
  readonly forwardHeader?: ((name: string) => boolean) | undefined;
  /** Options of every route. @default {`watchDisconnect: true`, so that a client that goes cancels its call} */
  readonly route?: RouteOptions | undefined;
}
