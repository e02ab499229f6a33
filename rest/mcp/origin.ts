/**
 * Keeping web pages away from servers that are not theirs.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";

/**
 * Refuses what a browser sends for a page of another origin, unless the origin is in `allowed`. A page that
 * reaches a server of the same machine under some other name than the machine's own is refused too: that is
 * how DNS rebinding looks.
 *
 * @throws {ServiceError} With code `permission_denied`, answered with 403.
 */
export function checkOrigin(
  request: Request,
  context: Context,
  allowed: ReadonlySet<string>,
): void {
  const origin = request.headers.get("origin");
  if (origin === null || allowed.has(origin)) return; // No browser, or one that may.
  const host = request.headers.get("host") ?? "";
  const from = URL.parse(origin);
  if (!from || from.host !== URL.parse(`${from.protocol}//${host}`)?.host) {
    throw refusal("its origin is not allowed");
  }
  if (isLoopback(context.remoteAddr) && !isLoopback(host)) {
    throw refusal("its host is not a name of this machine");
  }
}

function refusal(why: string): ServiceError {
  return new ServiceError("permission_denied", `Cannot serve page of another site: ${why}`);
}

function isLoopback(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?$/i.test(address);
}
