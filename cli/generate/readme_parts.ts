/**
 * What the `README.md` of every kind of service says.
 *
 * @module
 */

import { paragraph } from "./markdown.ts";

/** Tasks and permissions. */
export const PROJECT_NOTES: string = paragraph(
  "`deno task dev` starts it anew whenever a file changes; `deno task check` looks at format, style and types, " +
    "`deno task test` runs the tests. The program may use the network, read its environment and read `etc`, and " +
    "nothing else: see `permissions` in `deno.json`, and name hosts there to narrow it further.",
);
