/**
 * The body of a response that was made whole.
 *
 * @module
 */

type BodyAtHand = (response: Response) => string | Uint8Array | undefined;

/**
 * The body of a response, if it was made of a text or of bytes and nobody has asked for its stream; undefined if not, or if
 * this runtime does not show it. To ask for the stream of a small body, and read it, costs as much as the rest of
 * the answer.
 *
 * What is looked at is not part of what Deno documents: hence it is tried first on bodies that are known.
 */
export const bodyAtHand: BodyAtHand = find() ?? (() => undefined);

function find(): BodyAtHand | undefined {
  const key = Object.getOwnPropertySymbols(Response.prototype).find((symbol) =>
    symbol.description === "body"
  );
  if (key === undefined) return undefined;
  const look = (response: Response) => readInner(Reflect.get(response, key));
  return holds(look) ? look : undefined;
}

function readInner(inner: unknown): string | Uint8Array | undefined {
  const whole = (inner as { streamOrStatic?: { body?: unknown; consumed?: unknown } } | null)
    ?.streamOrStatic;
  if (whole?.consumed !== false) return undefined;
  const { body } = whole;
  return typeof body === "string" || body instanceof Uint8Array ? body : undefined;
}

function holds(look: BodyAtHand): boolean {
  try {
    const bytes = look(new Response(new Uint8Array([0, 255])));
    const asked = new Response("asked");
    return look(new Response("é")) === "é" && look(Response.json([1])) === "[1]" &&
      bytes instanceof Uint8Array && bytes.join() === "0,255" &&
      look(new Response(null)) === undefined && look(new Response(new Blob(["b"]))) === undefined &&
      asked.body !== null && look(asked) === undefined;
  } catch {
    return false;
  }
}
