/**
 * The interoperability tests with programs in Go: grpc-go, go-zero, grpcurl and ghz.
 *
 * `deno run -A rpc/testing/interop/go.ts` builds them, runs all and prints a table; its code is 1 if anything failed. Needs
 * Go, etcd and Redis on the machine, and the first time the network, for modules. An argument limits what is run to names
 * that contain it.
 *
 * @module
 */

import { noopLogger } from "../../../core/log/logger.ts";
import { freePort } from "../../../core/testing/server_process.ts";
import { provisionEtcd } from "../../../core/testing/provision_etcd.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { goZeroSide } from "./go/go_zero_side.ts";
import { type Config, type Outcome, outcomesOf, type Side } from "./go/side.ts";
import { startServer, TOOL_CASES } from "./go/tool_cases.ts";
import { GoPrograms } from "./go/toolchain.ts";
import { runInterop, zenoSide } from "./go/zeno_side.ts";
import { startRedis } from "./go/redis.ts";
import { type Meeting, ZRPC_CASES } from "./go/zrpc_cases.ts";

const filter = Deno.args[0] ?? "";
let passed = 0, failed = 0;

function report(group: string, outcomes: readonly Outcome[]): void {
  for (const { name, fault } of outcomes) {
    if (!`${group}: ${name}`.includes(filter)) continue;
    if (fault === undefined) passed++;
    else failed++;
    console.log(`${fault === undefined ? "ok    " : "FAILED"}  ${group}: ${name}`);
    if (fault !== undefined) console.log(fault.replaceAll(/^/gm, "        "));
  }
}

/** Runs the cases that are wanted, one after the other. */
async function runCases<A extends unknown[]>(
  group: string,
  cases: Readonly<Record<string, (...args: A) => Promise<void>>>,
  ...args: A
): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    if (!`${group}: ${name}`.includes(filter)) continue;
    const fault = await run(...args).then(() => undefined, String);
    report(group, [{ name, fault }]);
  }
}

async function grpcGo(programs: GoPrograms): Promise<void> {
  {
    await using process = programs.start("peer", "grpc-server");
    await using client = new RpcClient(
      { Target: `127.0.0.1:${await process.readLine()}` },
      { log: noopLogger },
    );
    report("Zeno calls grpc-go", await runInterop(client));
  }
  await using server = await startServer();
  const { stdout } = await programs.run("peer", "grpc-client", server.address);
  report("grpc-go calls Zeno", outcomesOf(stdout));
  await runCases("tools", TOOL_CASES, programs, server.address);
}

async function goZero(programs: GoPrograms): Promise<void> {
  await using etcd = await provisionEtcd();
  await using redis = await startRedis();
  const goZero = goZeroSide(programs);
  for (const [caller, callee] of [[goZero, zenoSide], [zenoSide, goZero]] as const) {
    const meeting = { caller, callee, etcd: etcd.host, redis: redis.host };
    const group = `${caller.name} calls ${callee.name}`;
    await runCases(group, ZRPC_CASES, meeting);
    report(group, await interop(meeting, caller, callee));
  }
}

/** The interoperability tests of gRPC between the two sides. */
async function interop({ etcd }: Meeting, caller: Side, callee: Side): Promise<Outcome[]> {
  const Etcd = { Hosts: [etcd], Key: `interop.${caller.name}` };
  const config: Config = { Name: "interop", ListenOn: `127.0.0.1:${freePort()}`, Etcd };
  await using _server = await callee.serve(config);
  return await caller.interop({ Etcd });
}

const programs = await GoPrograms.build().catch((error) => {
  console.error(error.message);
  Deno.exit(1);
});
try {
  await grpcGo(programs);
  await goZero(programs);
} finally {
  await programs[Symbol.asyncDispose]();
}
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 || passed === 0 ? 1 : 0);
