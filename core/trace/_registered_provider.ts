/**
 * Whether somebody has registered a provider with OpenTelemetry's API, seen without loading that API:
 * the programs where nobody has, which are most, need not load it at all.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/global-utils.ts
 */
export function registeredProvider(): { readonly isRuntime: boolean } | undefined {
  const provider = memberOf(memberOf(globalThis, Symbol.for("opentelemetry.js.api.1")), "trace");
  if (!provider) return undefined;
  const own = memberOf(memberOf(memberOf(globalThis, "Deno"), "telemetry"), "tracerProvider");
  return { isRuntime: provider === own };
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  const isObject = typeof value === "object" && value !== null || typeof value === "function";
  return isObject ? Reflect.get(value, key) : undefined;
}
