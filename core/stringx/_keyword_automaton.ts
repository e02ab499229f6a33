/** One occurrence of a keyword. */
export interface Match {
  /** Index of its first code point. */
  readonly start: number;
  /** Index after its last code point. */
  readonly stop: number;
  readonly keyword: string;
}

class State {
  readonly next = new Map<string, State>();
  /** The state of the longest proper suffix of this state's text. */
  fallback: State | undefined;
  /** The longest proper suffix that is a keyword. */
  shorter: State | undefined;
  keyword: string | undefined;

  constructor(readonly depth: number) {}
}

/**
 * Finds every occurrence of many keywords in one pass over a text.
 *
 * @see Aho and Corasick, Efficient string matching: an aid to bibliographic search, 1975.
 */
export class KeywordAutomaton {
  readonly #root = new State(0);

  /** Empty keywords are left out. */
  constructor(keywords: Iterable<string>) {
    for (const keyword of keywords) {
      if (keyword !== "") this.#insert(keyword);
    }
    this.#link();
  }

  /** All matches in `characters`, which are code points, by their end; of one end the longest first. */
  find(characters: readonly string[]): Match[] {
    const matches: Match[] = [];
    let state = this.#root;
    for (let i = 0; i < characters.length; i++) {
      state = this.#step(state, characters[i]!);
      let hit = state.keyword === undefined ? state.shorter : state;
      for (; hit; hit = hit.shorter) {
        matches.push({ start: i + 1 - hit.depth, stop: i + 1, keyword: hit.keyword! });
      }
    }
    return matches;
  }

  #insert(keyword: string): void {
    let state = this.#root;
    for (const character of keyword) {
      let next = state.next.get(character);
      if (!next) {
        next = new State(state.depth + 1);
        state.next.set(character, next);
      }
      state = next;
    }
    state.keyword = keyword;
  }

  #step(from: State, character: string): State {
    for (let state: State | undefined = from; state; state = state.fallback) {
      const next = state.next.get(character);
      if (next) return next;
    }
    return this.#root;
  }

  /** Breadth first, so that the fallback of a state is linked before the state is. */
  #link(): void {
    const waiting: State[] = [this.#root];
    for (const state of waiting) {
      for (const [character, child] of state.next) {
        child.fallback = state.fallback ? this.#step(state.fallback, character) : this.#root;
        const { fallback } = child;
        child.shorter = fallback.keyword === undefined ? fallback.shorter : fallback;
        waiting.push(child);
      }
    }
  }
}
