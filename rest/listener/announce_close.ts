/**
 * Telling a client that its connection ends.
 *
 * @module
 */

/** The response with `connection: close`, as which the runtime closes the connection behind it. */
export function announceClose(response: Response): Response {
  try {
    response.headers.set("connection", "close");
    return response;
  } catch {
    // Its headers are immutable, as those of what fetch gave are.
    const { status, statusText, headers } = response;
    const copy = new Response(response.body, { status, statusText, headers });
    copy.headers.set("connection", "close");
    return copy;
  }
}
