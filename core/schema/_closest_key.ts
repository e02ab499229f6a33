/**
 * Which known key a mistyped one was meant to be.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** The known key nearest to `key`, if it is near enough to be meant: two letters or a third wrong. */
export function closestKey(key: string, known: readonly string[]): string | undefined {
  if (key.length > 100) return undefined; // The distance costs the product of both lengths.
  let best: string | undefined;
  let bestDistance = Math.max(key.length > 3 ? 2 : 1, Math.floor(key.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - key.length) >= bestDistance) continue;
    const distance = levenshteinDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
