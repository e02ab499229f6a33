/**
 * A Redis that knows an application.
 *
 * @module
 */

import { systemClock } from "../../../../core/clock.ts";

/** A Redis of one's own. */
export interface TokenRedis extends AsyncDisposable {
  /** `host:port`. */
  readonly host: string;
}

/** Starts one whose hash `tokens` has `s3cret` for `shop`. */
export async function startRedis(): Promise<TokenRedis> {
  const port = freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"];
  const child = new Deno.Command("redis-server", { args, stdout: "null" }).spawn();
  for (let tries = 0; !await told(port, "HSET tokens shop s3cret\r\n"); tries++) {
    if (tries > 100) throw new Error("Cannot start redis-server: it does not answer");
    await systemClock.sleep(50, { keepAlive: true });
  }
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

async function told(port: number, command: string): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(command));
    return (await connection.read(new Uint8Array(64))) !== null;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}
