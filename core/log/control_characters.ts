// C0 and C1 controls, delete, and the two separators that some readers take for line ends. A terminal
// obeys them, so whoever gets them into a log can hide or forge lines for whoever reads it there.
// deno-lint-ignore no-control-regex -- finding control characters is the point
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;
const EVERY_CONTROL = new RegExp(CONTROL.source, "g");
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Those that `JSON.stringify` leaves as they are.
const JSON_CONTROL = /[\x7f-\x9f\u2028\u2029]/;
const EVERY_JSON_CONTROL = new RegExp(JSON_CONTROL.source, "g");

/** Shows control characters as `\n`, `\t` or `\u001b`. */
export function escapeControls(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replace(EVERY_CONTROL, (char) => SHORT[char] ?? escapeOf(char));
}

/** Escapes control characters in JSON, which means the same afterwards. */
export function escapeJsonControls(json: string): string {
  if (!JSON_CONTROL.test(json)) return json;
  return json.replace(EVERY_JSON_CONTROL, escapeOf);
}

function escapeOf(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
