/**
 * Which origins are allowed.
 *
 * @module
 */

/** Tells of an origin, as in the header `Origin`, whether it is on a list. */
export type OriginMatcher = (origin: string) => boolean;

/** A scheme, a host of letters, digits, dots and hyphens (or an IPv6 address), and perhaps a port; nothing after it. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/((?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)$/;
const HOST = /^[a-z0-9._-]+(?::\d{1,5})?$/;

/**
 * Makes a matcher. An entry with a scheme (`https://safe.example`) is one origin. An entry without (`safe.example`) is that
 * host and all below it, by any scheme; a port is part of the host. Case says nothing. `null`, the origin of files and
 * sandboxes, matches only where it is listed.
 *
 * @throws {SyntaxError} If an entry is neither an origin nor a host.
 */
export function matchOrigins(entries: readonly string[]): OriginMatcher {
  const origins = new Set<string>();
  const hosts: string[] = [];
  for (const entry of entries) {
    const lower = entry.toLowerCase().replace(/\/$/, "");
    if (ORIGIN.test(lower) || lower === "null") origins.add(lower);
    else if (HOST.test(lower)) hosts.push(lower);
    else {
      throw new SyntaxError(
        `Cannot allow origin ${JSON.stringify(entry)}: write https://host, host, or null`,
      );
    }
  }
  return (origin) => {
    const lower = origin.toLowerCase();
    if (origins.has(lower)) return true;
    const host = ORIGIN.exec(lower)?.[2];
    return host !== undefined &&
      hosts.some((entry) => host === entry || host.endsWith(`.${entry}`));
  };
}
