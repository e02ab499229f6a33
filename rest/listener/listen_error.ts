/**
 * Why a socket cannot be had, in words an operator can act on.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";

/** `error` with the place and the remedy, or as it is if it is none of those that listening makes. */
export function explained(error: unknown, where: string): unknown {
  const advice = adviceFor(error, where);
  if (advice === undefined) return error;
  return new ServiceError("failed_precondition", `Cannot listen on ${where}: ${advice}`, {
    cause: error,
  });
}

/**
 * Says what to do where the runtime would end the process if asked to share a port.
 *
 * @throws {ServiceError} If its unstable network features are off.
 */
export function requireSharing(): void {
  if ("listenDatagram" in Deno) return;
  throw new ServiceError(
    "failed_precondition",
    'Cannot share port between workers: put "unstable": ["net"] into deno.json, run with --unstable-net, ' +
      "or use Listener.Kind node",
  );
}

function adviceFor(error: unknown, where: string): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return `run with --allow-net=${where}`;
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return "the address is in use; stop the program that holds it or change Port";
    case "EADDRNOTAVAIL":
      return "this machine has no such address; change Host";
    case "EACCES":
      return "the system does not permit it; use a port above 1023";
  }
  return undefined;
}

/** The system's name of an error. `node:net` gives only that, `Deno` a class. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof Deno.errors.AddrInUse) return "EADDRINUSE";
  if (error instanceof Deno.errors.AddrNotAvailable) return "EADDRNOTAVAIL";
  if (error instanceof Deno.errors.PermissionDenied) return "EACCES";
  return (error as { code?: string } | undefined)?.code;
}
