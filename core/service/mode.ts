/** Where a service runs: development, test, regression test, pre-production, production. */
export type ServiceMode = "dev" | "test" | "rt" | "pre" | "pro";

/** The five modes. */
export const SERVICE_MODES: readonly ServiceMode[] = ["dev", "test", "rt", "pre", "pro"];

/**
 * Whether a service in this mode sheds load and reports alerts. Only production does: elsewhere a
 * debugger or a slow machine would look like overload.
 */
export function isProtected(mode: ServiceMode): boolean {
  return mode === "pro";
}
