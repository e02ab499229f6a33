/**
 * Several documents of JSON in one text.
 *
 * @module
 */

/**
 * The documents in a text, one behind the other, with white space between or without: what a method that takes many
 * messages is sent. Only where they end is looked for; whether they are JSON shows when they are parsed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(splitJson('{"a":1}{"b":"}"}\n3 4'), ['{"a":1}', '{"b":"}"}', "3", "4"]);
 * ```
 */
export function splitJson(text: string): string[] {
  const documents: string[] = [];
  let depth = 0;
  let from = -1;
  const end = (at: number) => {
    if (from >= 0) documents.push(text.slice(from, at));
    from = -1;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (depth === 0 && /\s/.test(char)) end(at);
    else if (from < 0) from = at;
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth <= 0) {
      depth = 0;
      end(at + 1);
    }
  }
  end(text.length);
  return documents;
}

/** Index of the quote that ends the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    if (text[next] === "\\") next++;
    else if (text[next] === '"') return next;
  }
  return text.length;
}
