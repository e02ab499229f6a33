/**
 * Answers whose headers can be changed.
 *
 * @module
 */

/** The response itself, or a copy if its headers are sealed, as those of fetched ones and redirects are. */
export function unsealed(response: Response): Response {
  try {
    response.headers.delete("x-never-set"); // Throws if they are; there is no other way to ask.
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
