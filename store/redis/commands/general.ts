/**
 * Commands that belong to no kind of key.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import { anything, count, type RedisReply, text } from "../reply.ts";
import type { RedisScript } from "../script.ts";
import { StreamCommands } from "./streams.ts";

/** Commands that would take the connection away from all who share it, and what to use in their place. */
const UNSHARED: Readonly<Record<string, string>> = {
  ...named("blocking()", "blpop brpop blmove blmpop brpoplpush bzpopmin bzpopmax bzmpop wait"),
  ...named("txPipelined()", "multi exec discard watch unwatch"),
  ...named("subscribe()", "subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe"),
  ...named("the configuration", "auth hello select quit reset monitor client_reply"),
};

function named(remedy: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, remedy]));
}

/** What to use in the place of a command that would take the connection away, if this is one. */
function remedyFor(name: string, args: readonly string[]): string | undefined {
  const waits = (name === "xread" || name === "xreadgroup") && args.includes("block");
  return waits ? "blocking()" : UNSHARED[name] ?? UNSHARED[`${name}_${args[0]}`];
}

/** Commands that belong to no kind of key: messages, scripts, and anything else that Redis knows. */
export abstract class GeneralCommands extends StreamCommands {
  /** Sends a message to those who have subscribed to a channel. Answers how many they are, on the server that was asked. */
  publish(channel: string, message: RedisValue, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "publish", args: [channel, message], decode: count }, options);
  }

  /** Carries out a script; its text is sent only to a server that does not know it. */
  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisValue[] = [],
    options?: CommandOptions,
  ): Promise<RedisReply> {
    const rest = [keys.length, ...keys, ...args];
    const unlessKnown = { name: "eval", args: [script.source, ...rest] };
    const command = { name: "evalsha", args: [script.sha, ...rest], unlessKnown, decode: anything };
    return this.execute(command, options);
  }

  /** Carries out the text of a script. {@link runScript} sends less. */
  eval(
    source: string,
    keys: readonly string[],
    args: readonly RedisValue[] = [],
    options?: CommandOptions,
  ): Promise<RedisReply> {
    const all = [source, keys.length, ...keys, ...args];
    return this.execute({ name: "eval", args: all, decode: anything }, options);
  }

  /** Carries out a script that the server knows, by the SHA-1 of its text. Fails with `NOSCRIPT` if it knows none. */
  evalSha(
    sha: string,
    keys: readonly string[],
    args: readonly RedisValue[] = [],
    options?: CommandOptions,
  ): Promise<RedisReply> {
    const all = [sha, keys.length, ...keys, ...args];
    return this.execute({ name: "evalsha", args: all, decode: anything }, options);
  }

  /** Lets the server know the text of a script. Answers its SHA-1. */
  scriptLoad(source: string, options?: CommandOptions): Promise<string> {
    return this.execute({ name: "script", args: ["LOAD", source], decode: text }, options);
  }

  /**
   * Sends any command, its name first. Rejects with `TypeError` if there is none, or if it would take the connection away from
   * all who share it.
   */
  do(command: readonly RedisValue[], options?: CommandOptions): Promise<RedisReply> {
    const [first, ...args] = command;
    if (first === undefined) {
      return Promise.reject(new TypeError("Cannot run command: missing redis command"));
    }
    const name = String(first).toLowerCase();
    const remedy = remedyFor(name, args.map((arg) => String(arg).toLowerCase()));
    if (remedy) {
      return Promise.reject(
        new TypeError(`Cannot run ${name}: others share the connection; use ${remedy}`),
      );
    }
    return this.execute({ name, args, decode: anything }, options);
  }
}
