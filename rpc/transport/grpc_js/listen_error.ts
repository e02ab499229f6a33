/**
 * Why a port cannot be had, in words an operator can act on.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";

/** `error` of the package with the place and the remedy. */
export function explained(error: Error, where: string): ServiceError {
  return new ServiceError(
    "failed_precondition",
    `Cannot listen on ${where}: ${advice(error, where)}`,
    {
      cause: error,
    },
  );
}

/** The package puts what the system says into a text. */
function advice({ message }: Error, where: string): string {
  if (message.includes("EADDRINUSE") || message.includes("Address already in use")) {
    return "the address is in use; stop the program that holds it or change ListenOn";
  }
  if (message.includes("EADDRNOTAVAIL")) return "this machine has no such address; change ListenOn";
  if (message.includes("EACCES")) return "the system does not permit it; use a port above 1023";
  if (message.includes("net access")) return `run with --allow-net=${where}`;
  return `${message}; change ListenOn`;
}
