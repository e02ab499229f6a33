/**
 * Other applications below a prefix.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import type { Handler } from "./handler.ts";
import { joinPattern, segmentValue } from "./router/path.ts";

/** An application as a fetch handler: Hono's `app.fetch`, another `Server`'s `fetch`, a function. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Options for {@link mounted}. */
export interface MountedOptions {
  /**
   * Whether the application sees its paths without the prefix. With it, it gets the very request of the listener, which
   * it needs to open websockets. @default {true}
   */
  strip?: boolean;
}

/**
 * A handler for all that is at and below `prefix`, answered by an application.
 *
 * The application sees the canonical path, so what a middleware of ours has let pass is what it answers; its `request.signal`
 * is aborted when the time is up.
 *
 * @throws {SyntaxError} If `prefix` does not begin with a slash.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Server } from "./server.ts";
 *
 * const app = (request: Request) => new Response(new URL(request.url).pathname);
 * const config = { Name: "outer", Port: 0, Log: { Level: "severe" } } as const;
 * await using server = new Server(config, { notFound: mounted("/app", app) });
 * const response = await server.fetch(new Request("http://localhost/app/users/7?x=1"));
 * assertEquals(await response.text(), "/users/7");
 * ```
 */
export function mounted(
  prefix: string,
  app: FetchHandler,
  options: MountedOptions = {},
): Handler {
  const base = checkedPrefix(prefix);
  if (options.strip === false) return (request) => app(request);
  return (request, context) => {
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") throw cannotUpgrade(base);
    return app(stripped(request, context, base));
  };
}

/** The canonical prefix, empty for the root. */
function checkedPrefix(prefix: string): string {
  if (prefix.startsWith("/")) return joinPattern(prefix, "").replace(/\/$/, "");
  throw new SyntaxError(
    `Cannot mount at ${JSON.stringify(prefix)}: the prefix must begin with "/"`,
  );
}

function cannotUpgrade(prefix: string): ServiceError {
  const where = prefix || "/";
  const message = `Cannot open websocket: mount at ${where} with strip: false to pass it on`;
  return new ServiceError("unimplemented", message);
}

function stripped(request: Request, context: Context, base: string): Request {
  const { method, headers, body } = request;
  const { origin, pathname, search } = new URL(request.url);
  const path = context.path.slice(base.length);
  const encoded = path.split("/").map((part) => encodeURIComponent(segmentValue(part))).join("/");
  const slash = pathname.endsWith("/") && !encoded.endsWith("/") ? "/" : "";
  const url = `${origin}${encoded || "/"}${encoded === "" ? "" : slash}${search}`;
  return new Request(url, { method, headers, body, signal: context.signal });
}

/** What is mounted where; of several prefixes that fit, the longest wins. */
export class MountTable<T> {
  readonly #mounts: { readonly prefix: string; readonly value: T }[] = [];

  /**
   * Adds what stands at and below `prefix`, and answers the prefix in its canonical form.
   *
   * @throws {SyntaxError} If `prefix` does not begin with a slash.
   * @throws {TypeError} If something is mounted there already.
   */
  add(prefix: string, value: T): string {
    const canonical = checkedPrefix(prefix);
    if (this.#mounts.some((mount) => mount.prefix === canonical)) {
      throw new TypeError(
        `Cannot mount at ${canonical || "/"}: something is mounted there already`,
      );
    }
    this.#mounts.push({ prefix: canonical, value });
    this.#mounts.sort((a, b) => b.prefix.length - a.prefix.length);
    return canonical;
  }

  /** What stands at a canonical path, if anything does. */
  find(path: string): T | undefined {
    for (const { prefix, value } of this.#mounts) {
      if (path === prefix || path.startsWith(prefix + "/")) return value;
    }
    return undefined;
  }
}
