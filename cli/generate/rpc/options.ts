/**
 * What the generator of RPC services is told.
 *
 * @module
 */

import type { MemberOptions } from "../deno_json.ts";
import type { FileStyle } from "../naming.ts";

/** Port that a service listens on unless it is told otherwise. */
export const RPC_PORT = 8080;

/** Options of the generator. */
export interface RpcOptions {
  /** Paths of the `.proto` files as the `gen` task names them: relative to the target folder, with `/`. */
  readonly sources: readonly string[];
  /** Name of the service: of its yaml file, and how it is called in logs. */
  readonly service: string;
  /** Port that it listens on. */
  readonly port: number;
  /** Names files. */
  readonly style: FileStyle;
  /** Whether logic stands in a folder for each service, even if there is one only. */
  readonly multiple: boolean;
  /** Whether typed clients are generated. */
  readonly client: boolean;
  /** Whether messages alone are generated, and no service. */
  readonly messagesOnly: boolean;
  /** Scaffold tests. */
  readonly tests: boolean;
  /** Flags that give these options, for the `gen` task of the service. */
  readonly flags: readonly string[];
  /** Value of `links` in `deno.json`: the folder of the framework, when it is a clone. */
  readonly link: string | undefined;
  /** Set if it is a member of a workspace. */
  readonly member?: MemberOptions | undefined;
}
