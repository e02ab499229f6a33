/**
 * JSON values one a line, as they come.
 *
 * @module
 */

/** A line longer than this, in characters, is no answer to anything we ask. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * Reads JSON values, one a line.
 *
 * @throws {SyntaxError} If a line is no JSON or has no end.
 */
export async function* jsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop()!;
    for (const line of lines) {
      const text = parts.join("") + line;
      [parts, length] = [[], 0];
      if (text.trim() !== "") yield JSON.parse(text);
    }
    parts.push(last);
    length += last.length;
    if (length > MAX_LINE) {
      throw new SyntaxError(`Cannot read stream: a line has more than ${MAX_LINE} characters`);
    }
  }
  const rest = parts.join("") + decoder.decode();
  if (rest.trim() !== "") yield JSON.parse(rest);
}
