/** Answers that no proxy or browser may keep, or take for something else than they are. */
const COMMON = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** JSON with line breaks: people read it with `curl`. */
export function jsonAnswer(value: unknown, status: number = 200): Response {
  const headers = { ...COMMON, "content-type": "application/json; charset=utf-8" };
  return new Response(`${JSON.stringify(value, null, 2)}\n`, { status, headers });
}

/** Says what cannot be done, and why. */
export function errorAnswer(
  status: number,
  message: string,
  more: Record<string, string> = {},
): Response {
  const response = jsonAnswer({ error: message }, status);
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}

/** Anything else. */
export function answer(body: BodyInit | null, type: string, more: Record<string, string> = {}) {
  return new Response(body, { headers: { ...COMMON, "content-type": type, ...more } });
}
