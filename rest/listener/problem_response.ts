/**
 * What a listener says itself, before any handler has a say.
 *
 * @module
 */

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
};

/** A problem as JSON. `detail` is an error message and echoes nothing that a client sent. */
export function problemBody(status: number, detail: string): string {
  return JSON.stringify({ type: "about:blank", title: TITLES[status] ?? "Error", status, detail });
}

/** A problem as a response. */
export function problemResponse(status: number, detail: string): Response {
  return new Response(problemBody(status, detail), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}

/** A problem as it goes over a connection that has no request to answer, and ends with it. */
export function problemText(status: number, detail: string): string {
  const body = problemBody(status, detail);
  return `HTTP/1.1 ${status} ${TITLES[status] ?? "Error"}\r\n` +
    "connection: close\r\ncontent-type: application/problem+json\r\n" +
    `content-length: ${body.length}\r\n\r\n${body}`;
}
