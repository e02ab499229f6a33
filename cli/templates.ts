/**
 * What `zeno new` can start from.
 *
 * @module
 */

/** Names of the templates. */
export const TEMPLATE_NAMES = ["rest", "rpc", "monorepo"] as const;

/** Name of a template. */
export type TemplateName = typeof TEMPLATE_NAMES[number];
