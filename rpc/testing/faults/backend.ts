/**
 * Servers of the echo service in a process of their own, which do as they are told, one line of JSON each.
 *
 * ```sh
 * deno run -A rpc/testing/faults/backend.ts '{"servers":5}'
 * ```
 *
 * @module
 */

import { systemClock, systemRandom } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { noopLogger } from "../../../core/log/logger.ts";
import { runServices } from "../../../core/service/run_services.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import type { RpcServerConfInput } from "../../server/config.ts";
import { type Echo, echoService } from "../echo_service.ts";
import { echoHandlers } from "../pair.ts";

/** What a server does with its calls. */
export type Behaviour = "well" | "errors" | "fail" | "hang";

/** What a process of servers is told when it starts. */
export interface BackendInit {
  /** How many servers; ports are given out. */
  readonly servers: number;
  /** Configuration of each. */
  readonly config?: Partial<RpcServerConfInput>;
  /** How long a call takes that goes well, in ms. */
  readonly workMs?: number;
  /** Whether it ends on signals as services do. Needs `servers: 1`. */
  readonly asService?: boolean;
}

/** What a process of servers is told later. */
export type BackendCommand =
  | { readonly do: "behave"; readonly server: number; readonly how: Behaviour }
  | { readonly do: "count" };

if (import.meta.main) await main(JSON.parse(Deno.args[0]!));

async function main({ servers, config, workMs = 2, asService }: BackendInit): Promise<void> {
  const behaviours: Behaviour[] = Array(servers).fill("well");
  const counts: number[] = Array(servers).fill(0);
  const all = behaviours.map((_, index) => {
    const answer = async (request: Echo) => {
      counts[index]!++;
      await act(behaviours[index]!, workMs);
      return request;
    };
    // The figure of merit is the caller's: what the server itself does against overload is tried elsewhere.
    return new RpcServer({
      Name: `backend${index}`,
      ListenOn: "127.0.0.1:0",
      CpuThreshold: 0,
      ...config,
    }, { log: noopLogger }).add(echoService, { ...echoHandlers, say: answer, look: answer });
  });
  const tell = (line: unknown) => console.log(JSON.stringify(line));
  if (asService) {
    // What reads commands would keep the process alive.
    runServices(all[0]!).then(() => Deno.exit(0), console.error);
    while (!addressOf(all[0]!)) await systemClock.sleep(5, { keepAlive: true });
  } else await Promise.all(all.map((server) => server.start()));
  tell(all.map(addressOf));
  for await (const line of lines(Deno.stdin.readable)) {
    const command: BackendCommand = JSON.parse(line);
    if (command.do === "behave") behaviours[command.server] = command.how;
    tell(counts);
  }
}

async function act(behaviour: Behaviour, workMs: number): Promise<void> {
  if (behaviour === "hang") await new Promise(() => {});
  await systemClock.sleep(workMs, { keepAlive: true });
  if (behaviour === "fail" || behaviour === "errors" && systemRandom() < 0.5) {
    throw new ServiceError("unavailable", "Cannot say: broken");
  }
}

function addressOf(server: RpcServer): string | undefined {
  try {
    return server.address;
  } catch {
    return undefined; // Not yet.
  }
}

/** The lines of a stream. */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
