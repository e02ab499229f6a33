/**
 * Objects in which a name stands twice.
 *
 * `JSON.parse` keeps the last of two members with one name, other parsers the first. A token that two services read
 * differently is a way around one of them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4
 * @module
 */

/** Whether a name stands twice in the outermost object of `text`, which must be valid JSON. */
export function hasDuplicateMember(text: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  // In an object, a text is a name exactly if it follows its brace or a comma.
  let nameIsDue = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfText(text, at);
      if (depth === 1 && nameIsDue) {
        const name: string = JSON.parse(text.slice(at, end));
        if (names.has(name)) return true;
        names.add(name);
      }
      nameIsDue = false;
      at = end - 1;
    } else if (char === "{" || char === "[") {
      nameIsDue = ++depth === 1;
    } else if (char === "}" || char === "]") {
      depth--;
    } else if (char === ",") {
      nameIsDue = depth === 1;
    }
  }
  return false;
}

/** Index after the quote that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
