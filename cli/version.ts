/**
 * Version of the framework.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** Version of the framework that this command belongs to. */
export const VERSION: string = config.version;
