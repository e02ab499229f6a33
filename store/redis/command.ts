/**
 * Commands on their way to Redis.
 *
 * @module
 */

/** What an argument of a command can be; text is sent as UTF-8. */
export type RedisValue = string | number | bigint | Uint8Array;

/** One or several keys. */
export type RedisKeys = string | readonly string[];

/** A command with its arguments. */
export interface RedisCommand {
  /** Its name in lower case. */
  readonly name: string;
  /** Its arguments. */
  readonly args: readonly RedisValue[];
  /** Sent in its place if the server does not know the script that it names. */
  readonly unlessKnown?: RedisCommand;
}

/** Options of every command. */
export interface CommandOptions {
  /** Ends the wait with its reason. What was sent may be carried out all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** A call: one command, or several that are sent at once. */
export interface RedisCall {
  /** What figures know it by: the name of the command, or `Pipeline`. */
  readonly name: string;
  /** The commands. */
  readonly commands: readonly RedisCommand[];
  /** Whether it is one command, several, or several between MULTI and EXEC. */
  readonly kind: "command" | "pipeline" | "transaction";
  /** Whether the server is asked to wait, so that slowness means nothing. */
  readonly isBlocking: boolean;
  /** The server that is meant, `host:port`, where several have keys and one is meant. */
  readonly server?: string | undefined;
  /** Longest time, in ms, in the place of the client's. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
}

/** Takes a call to Redis. Resolves with the reply, of several commands with a list of replies and errors. */
export type SendCall = (call: RedisCall) => Promise<unknown>;

/** Goes around calls: the network, or the next interceptor, is `next`. */
export type RedisInterceptor = (next: SendCall) => SendCall;

/** A call of one command. */
export function singleCall(
  command: RedisCommand,
  { signal }: CommandOptions = {},
): RedisCall {
  return { name: command.name, commands: [command], kind: "command", isBlocking: false, signal };
}

/** What failed in the answer of a call of several commands: its first error, if there is one. */
export function firstError(call: RedisCall, answer: unknown): Error | undefined {
  if (call.kind === "command" || !Array.isArray(answer)) return undefined;
  return answer.find((reply) => reply instanceof Error);
}
