/**
 * Flags of all commands that generate files.
 *
 * @module
 */

import type { FlagTable } from "./flags.ts";

/** What becomes of files. */
export const CHANGE_FLAGS: FlagTable = {
  "dry-run": { type: "boolean", about: "write nothing, list what would change" },
  diff: { type: "boolean", about: "write nothing, show the differences" },
  check: { type: "boolean", about: "write nothing, exit 1 if something would change" },
  "force-once": {
    type: "string",
    value: "GLOB",
    about: "rewrite files of yours whose path or name matches",
  },
  prune: { type: "boolean", about: "delete generated files that FILE no longer gives" },
};
