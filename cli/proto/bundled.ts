/**
 * `.proto` files that come with the command.
 *
 * @module
 */

import { DESCRIPTOR } from "./bundled/descriptor.gen.ts";
import { GOOGLE_API } from "./bundled/google_api.gen.ts";
import { GOOGLE_RPC } from "./bundled/google_rpc.gen.ts";
import { WELL_KNOWN } from "./bundled/well_known.gen.ts";

/** Texts by import name, `google/protobuf/timestamp.proto`. */
export const BUNDLED: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...WELL_KNOWN, ...DESCRIPTOR, ...GOOGLE_API, ...GOOGLE_RPC }),
);

/** The file that declares the options. */
export const DESCRIPTOR_NAME = "google/protobuf/descriptor.proto";
