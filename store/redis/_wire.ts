import { Buffer } from "node:buffer";
import type { RedisCall, RedisCommand, RedisValue } from "./command.ts";
import type { ConnectionSettings } from "./connection.ts";
import { type WireClient, WireCommand, type WireRedisOptions } from "./driver.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import { isReadOnly } from "./read_only.ts";
import { formatNumber } from "./reply.ts";

const MAX_CONNECT_MS = 5_000;

/** Options of the driver that connections of both kinds have. */
export function wireOptions(settings: ConnectionSettings): WireRedisOptions {
  const { user, password, db, protocol, disableIdentity, tls, silenceMs } = settings;
  return {
    ...(user === "" ? {} : { username: user }),
    ...(password === "" ? {} : { password }),
    ...(tls
      ? {
        tls: {
          ...(tls.caCerts ? { ca: tls.caCerts } : {}),
          ...(tls.cert ? { cert: tls.cert } : {}),
          ...(tls.key ? { key: tls.key } : {}),
          rejectUnauthorized: !tls.insecure,
        },
      }
      : {}),
    db,
    protocol,
    disableClientInfo: disableIdentity,
    lazyConnect: true,
    connectTimeout: Math.min(silenceMs, MAX_CONNECT_MS),
    // What is ended has nothing to say any more.
    disconnectTimeout: 0,
    // A server that loads its data is asked again twice a second.
    maxLoadingRetryTime: 500,
  };
}

/** A command as the driver takes it. */
export function wireCommand({ name, args }: RedisCommand): WireCommand {
  const wired = new Array<string | Buffer>(args.length);
  for (let i = 0; i < args.length; i++) wired[i] = wireArgument(args[i]!);
  return new WireCommand(name, wired);
}

function wireArgument(value: RedisValue): string | Buffer {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return value.toString();
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Sends a command; resolves with the reply. `settled` is called first, and gives back what it is given. */
export function writeOne(
  client: WireClient,
  command: RedisCommand,
  failure: FailureOf,
  settled?: <T>(reply: T) => T,
): Promise<unknown> {
  const { unlessKnown } = command;
  return client.sendCommand(wireCommand(command)).then(settled, (thrown) => {
    settled?.(undefined);
    const error = failure(command.name, thrown);
    const isUnknown = error instanceof RedisReplyError && error.prefix === "NOSCRIPT";
    if (!unlessKnown || !isUnknown) throw error;
    return writeOne(client, unlessKnown, failure);
  });
}

/** Sends several commands as the driver batches them; resolves with replies and errors. */
export async function writeBatch(
  client: WireClient,
  { kind, commands }: RedisCall,
  failure: FailureOf,
): Promise<unknown[]> {
  const pipeline = kind === "transaction" ? client.multi() : client.pipeline();
  for (const command of commands) pipeline.sendCommand(wireCommand(asKnown(command)));
  let results: [Error | null, unknown][] | null;
  try {
    results = await pipeline.exec();
  } catch (error) {
    throw failure(kind === "transaction" ? "exec" : "pipeline", error);
  }
  if (!results) throw new RedisReplyError("exec", "EXECABORT a watched key was changed");
  return checked(
    results.map(([error, reply], i) => error ? failure(commands[i]!.name, error) : reply),
    commands,
  );
}

/** There is no time to learn that a script is not known: what comes after it is on its way. */
export function asKnown(command: RedisCommand): RedisCommand {
  return command.unlessKnown ?? command;
}

/** Fails as one where all may be sent again: what was turned away, and what only reads and was lost. */
export function checked(answers: unknown[], commands: readonly RedisCommand[]): unknown[] {
  if (answers.length > 0 && answers.every(isPassing)) throw answers[0];
  const lost = answers.find((answer) => answer instanceof RedisConnectionError);
  if (lost && commands.every(({ name }) => isReadOnly(name))) throw lost;
  return answers;
}

function isPassing(reply: unknown): boolean {
  return reply instanceof RedisReplyError && reply.isPassing;
}

/** Makes an error of ours of one of the driver's. */
export type FailureOf = (command: string, error: unknown) => Error;

/** Tells replies that are errors from connections that fail, at `address`. */
export function failureAt(address: string): FailureOf {
  return (command, thrown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (error instanceof RedisConnectionError || error instanceof RedisReplyError) return error;
    if (error.name === "ReplyError") return new RedisReplyError(command, error.message);
    if (error.message.includes("belong to the same slot")) {
      return new RedisReplyError(command, "CROSSSLOT keys are not on one server");
    }
    return new RedisConnectionError(address, reasonOfLoss(error), {
      cause: error,
      mayHaveRun: !NEVER_SENT.test(error.message),
    });
  };
}

/** What the driver says of a command that it did not write. */
const NEVER_SENT = /^Stream isn't writeable|^Cluster isn't ready|^None of startup nodes/;

function reasonOfLoss(error: Error): string {
  if (error.name === "MaxRetriesPerRequestError") return "the connection was lost";
  return error.message || error.name;
}
