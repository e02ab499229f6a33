/**
 * Answers in text.
 *
 * @module
 */

/**
 * A plain text answer, 200 unless `init` says otherwise.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(await text("hello").text(), "hello");
 * ```
 */
export function text(body: string, init?: ResponseInit): Response {
  // What the platform gives a string: text/plain;charset=UTF-8.
  return new Response(body, init);
}

/**
 * A page, 200 unless `init` says otherwise. Escape what comes from callers with {@link escapeHtml}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const response = html(`<h1>${escapeHtml("a < b")}</h1>`);
 * assertEquals(await response.text(), "<h1>a &lt; b</h1>");
 * ```
 */
export function html(body: string, init?: ResponseInit): Response {
  const headers = new Headers(init?.headers);
  if (!headers.has("content-type")) headers.set("content-type", "text/html; charset=utf-8");
  return new Response(body, { ...init, headers });
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that stands for itself in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
