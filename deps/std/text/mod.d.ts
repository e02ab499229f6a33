export function closestString(
  givenWord: string,
  possibleWords: readonly string[],
  options?: { caseSensitive?: boolean },
): string;
export function levenshteinDistance(left: string, right: string): number;
