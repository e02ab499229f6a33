/**
 * Tools of others against a server of ours.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { noopLogger } from "../../../../core/log/logger.ts";
import { MetricRegistry } from "../../../../core/metric/registry.ts";
import { RpcServer } from "../../../server/rpc_server.ts";
import { testService as service } from "../test.gen.ts";
import { testService } from "../test_service.ts";
import type { GoPrograms } from "./toolchain.ts";

const SERVICES = [
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
  "grpc.testing.TestService",
];
const CERTIFICATES = new URL("../../../../core/discovery/etcd/testdata/", import.meta.url);
const certificate = (name: string) => fromFileUrl(new URL(`${name}.pem`, CERTIFICATES));

/** Starts a server that tools may ask what there is. */
export async function startServer(keys: Readonly<Record<string, string>> = {}): Promise<RpcServer> {
  const config = { Name: "interop", ListenOn: "localhost:0", ...keys };
  const options = { log: noopLogger, metrics: new MetricRegistry(), reflection: true };
  const server = new RpcServer(config, options);
  await server.add(service, testService).start();
  return server;
}

/** Each test by its name. */
export const TOOL_CASES: Readonly<
  Record<string, (programs: GoPrograms, address: string) => Promise<void>>
> = {
  async "reflection v1 and v1alpha list, describe and refuse"(programs, address) {
    const { stdout, stderr } = await programs.run("peer", "reflect", address);
    assert(stdout, stderr);
    const versions: Record<string, { services: string[]; messages: string[]; missing: number }> =
      JSON.parse(stdout);
    for (const { services, messages, missing } of [versions.v1!, versions.v1alpha!]) {
      assertEquals(services.toSorted(), SERVICES);
      assert(messages.includes("SimpleRequest"), `${messages}`);
      assertEquals(missing, 5);
    }
  },
  async "grpcurl lists services"(programs, address) {
    const { stdout } = await programs.run("grpcurl", "-plaintext", address, "list");
    assertEquals(stdout.trim().split("\n"), SERVICES);
  },
  async "grpcurl lists methods"(programs, address) {
    const args = ["-plaintext", address, "list", service.typeName];
    const { stdout } = await programs.run("grpcurl", ...args);
    const names = Object.values(service.methods).map(({ name }) => `${service.typeName}.${name}`);
    assertEquals(stdout.trim().split("\n"), names.toSorted());
  },
  async "grpcurl describes a message"(programs, address) {
    const args = ["-plaintext", address, "describe", "grpc.testing.ResponseParameters"];
    const { stdout } = await programs.run("grpcurl", ...args);
    assertStringIncludes(stdout, "int32 interval_us = 2");
  },
  async "grpcurl calls a method of one message"(programs, address) {
    assertEquals(
      await grpcurl(programs, ["-plaintext"], address, "UnaryCall", { responseSize: 3 }),
      [
        { payload: { body: "AAAA" } },
      ],
    );
  },
  async "grpcurl calls a method of streams"(programs, address) {
    const sizes = [1, 2, 3].map((size) => ({ responseParameters: [{ size }] }));
    const answers = await grpcurl(programs, ["-plaintext"], address, "FullDuplexCall", ...sizes);
    assertEquals(answers, ["AA==", "AAA=", "AAAA"].map((body) => ({ payload: { body } })));
  },
  async "grpcurl is told of status and message"(programs, address) {
    const request = JSON.stringify({ responseStatus: { code: 9, message: "not now" } });
    const args = ["-plaintext", "-d", request, address, `${service.typeName}/UnaryCall`];
    const { success, stderr } = await programs.run("grpcurl", ...args);
    assertEquals(success, false);
    assertStringIncludes(stderr, "Code: FailedPrecondition");
    assertStringIncludes(stderr, "Message: not now");
  },
  async "grpcurl is told of health"(programs, address) {
    const args = ["-plaintext", address, "grpc.health.v1.Health/Check"];
    assertEquals(JSON.parse((await programs.run("grpcurl", ...args)).stdout), {
      status: "SERVING",
    });
  },
  async "grpcurl talks TLS, and shows a certificate where one is asked for"(programs) {
    const keys = {
      CertFile: certificate("server"),
      KeyFile: certificate("server.key"),
      ClientCaFile: certificate("ca"),
    };
    await using server = await startServer(keys);
    const tls = ["-cacert", certificate("ca"), "-servername", "localhost"];
    const own = ["-cert", certificate("client"), "-key", certificate("client.key")];
    const request = { responseSize: 1 };
    assertEquals(
      await grpcurl(programs, [...tls, ...own], server.address, "UnaryCall", request),
      [{ payload: { body: "AA==" } }],
    );
    const args = [...tls, "-max-time", "3", server.address, "list"];
    assertEquals((await programs.run("grpcurl", ...args)).success, false);
  },
  async "ghz makes 5,000 calls, 50 at a time, and all succeed"(programs, address) {
    const { stdout, stderr } = await programs.run(
      "ghz",
      ...["--insecure", "--call", `${service.typeName}.UnaryCall`, "-d", '{"responseSize":100}'],
      ...["-n", "5000", "-c", "50", "--connections", "5", "-O", "json", address],
    );
    assert(stdout, stderr);
    const { statusCodeDistribution, rps } = JSON.parse(stdout);
    console.log(`  ghz: ${Math.round(rps)} calls a second`);
    assertEquals(statusCodeDistribution, { OK: 5_000 });
  },
};

/** Calls a method of the test service and gives what it answers. */
async function grpcurl(
  programs: GoPrograms,
  options: string[],
  address: string,
  method: string,
  ...requests: unknown[]
): Promise<unknown[]> {
  const data = requests.map((request) => JSON.stringify(request)).join("\n");
  const args = [...options, "-d", data, address, `${service.typeName}/${method}`];
  const { success, stdout, stderr } = await programs.run("grpcurl", ...args);
  assert(success, stderr);
  return stdout.trim().split(/\n(?=\{)/).map((answer) => JSON.parse(answer));
}
