/**
 * Finding and hiding words in a text.
 *
 * @module
 */

import { KeywordAutomaton } from "./_keyword_automaton.ts";

/** Options for {@link KeywordFilter}. */
export interface KeywordFilterOptions {
  /** What stands for each character of a keyword; one character. @default {"*"} */
  mask?: string;
}

/** Answer of {@link KeywordFilter.filter}. */
export interface FilteredText {
  /** The text with each character of each keyword replaced by the mask. */
  readonly text: string;
  /** The keywords found, each once, in the order in which they first end in the text. */
  readonly keywords: readonly string[];
  /** Whether there were any. */
  readonly found: boolean;
}

/**
 * Looks for many words at once, overlapping and nested ones included, in one pass over the text. Characters
 * are code points, so a word in any script is found and hidden whole.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const filter = new KeywordFilter(["bc", "cd"]);
 * assertEquals(filter.filter("abcd"), { text: "a***", keywords: ["bc", "cd"], found: true });
 * ```
 */
export class KeywordFilter {
  readonly #automaton: KeywordAutomaton;
  readonly #mask: string;

  /**
   * Makes a filter for `words`; empty ones are left out.
   *
   * @throws {TypeError} If the mask is not one character.
   */
  constructor(words: Iterable<string>, options: KeywordFilterOptions = {}) {
    const { mask = "*" } = options;
    if ([...mask].length !== 1) {
      throw new TypeError(
        `Cannot make keyword filter: need a mask of one character, got "${mask}"`,
      );
    }
    this.#automaton = new KeywordAutomaton(words);
    this.#mask = mask;
  }

  /** Hides the keywords in `text` and tells which there were. */
  filter(text: string): FilteredText {
    const characters = Array.from(text);
    const matches = this.#automaton.find(characters);
    if (matches.length === 0) return { text, keywords: [], found: false };
    let hidden = characters.length; // Nothing from here on is still to be hidden.
    // From the last end backwards, so that no character is hidden twice.
    for (const { start, stop } of matches.toReversed()) {
      const from = Math.min(stop, hidden);
      if (start < from) characters.fill(this.#mask, start, from);
      hidden = Math.min(hidden, start);
    }
    return { text: characters.join(""), keywords: distinct(matches), found: true };
  }

  /** The keywords in `text`, each once. */
  findKeywords(text: string): string[] {
    return distinct(this.#automaton.find(Array.from(text)));
  }
}

function distinct(matches: readonly { keyword: string }[]): string[] {
  return [...new Set(matches.map(({ keyword }) => keyword))];
}
