/**
 * Replacing words in a text by others.
 *
 * @module
 */

import { KeywordAutomaton, type Match } from "./_keyword_automaton.ts";

/** A replacement may make a keyword once; going on would let `a` to `aa` never end. */
const PASSES = 2;

/**
 * Replaces many words at once. Where words overlap the one that begins first wins, and of those the longest.
 * A second pass replaces what the first has made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const replacer = new KeywordReplacer({ colour: "color", "colour blind": "color-blind" });
 * assertEquals(replacer.replace("a colour blind to colour"), "a color-blind to color");
 * ```
 */
export class KeywordReplacer {
  readonly #replacements: ReadonlyMap<string, string>;
  readonly #automaton: KeywordAutomaton;

  /** Makes a replacer of words and what replaces them; empty words are left out. */
  constructor(replacements: Readonly<Record<string, string>> | ReadonlyMap<string, string>) {
    this.#replacements = replacements instanceof Map
      ? new Map(replacements)
      : new Map(Object.entries(replacements));
    this.#automaton = new KeywordAutomaton(this.#replacements.keys());
  }

  /** Replaces the words in `text`. */
  replace(text: string): string {
    let result = text;
    for (let pass = 0; pass < PASSES; pass++) {
      const characters = Array.from(result);
      const matches = this.#automaton.find(characters);
      if (matches.length === 0) break;
      result = this.#substitute(characters, matches);
    }
    return result;
  }

  #substitute(characters: readonly string[], matches: Match[]): string {
    matches.sort((a, b) => a.start - b.start || b.stop - a.stop);
    const parts: string[] = [];
    let done = 0;
    for (const { start, stop, keyword } of matches) {
      if (start < done) continue;
      parts.push(...characters.slice(done, start), this.#replacements.get(keyword)!);
      done = stop;
    }
    return parts.join("") + characters.slice(done).join("");
  }
}
