import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, ConnectError, createClient, type Transport } from "npm:@connectrpc/connect@2.0.2";
import { createConnectTransport, createGrpcWebTransport } from "npm:@connectrpc/connect-web@2.0.2";
import { createFileRegistry, fromBinary } from "npm:@bufbuild/protobuf@2.17.0";
import { FileDescriptorSetSchema } from "npm:@bufbuild/protobuf@2.17.0/wkt";
import { librarySet, wiredStand } from "./testdata/library.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, librarySet));
const service = registry.getService("library.v1.Library")!;

type Message = Record<string, unknown>;
type Options = {
  headers?: Record<string, string>;
  timeoutMs?: number;
  signal?: AbortSignal;
  onHeader?: (headers: Headers) => void;
  onTrailer?: (headers: Headers) => void;
};
interface Library {
  get(request: Message, options?: Options): Promise<Message>;
  echo(request: Message, options?: Options): Promise<Message>;
  fail(request: Message, options?: Options): Promise<Message>;
  wait(request: Message, options?: Options): Promise<Message>;
  countUp(request: Message, options?: Options): AsyncIterable<Message>;
}

const transports: readonly (readonly [name: string, make: (url: string) => Transport])[] = [
  ["Connect with bytes", (baseUrl) => createConnectTransport({ baseUrl, useBinaryFormat: true })],
  ["Connect with JSON", (baseUrl) => createConnectTransport({ baseUrl })],
  ["Connect by GET", (baseUrl) => createConnectTransport({ baseUrl, useHttpGet: true })],
  ["gRPC-Web with bytes", (baseUrl) => createGrpcWebTransport({ baseUrl })],
  [
    "gRPC-Web with JSON",
    (baseUrl) => createGrpcWebTransport({ baseUrl, useBinaryFormat: false }),
  ],
];

for (const [name, make] of transports) {
  Deno.test(`gatewayRoutes() answers a client of ${name}`, async (t) => {
    await using gateway = await wiredStand();
    const client = createClient(service, make(gateway.url)) as unknown as Library;

    await t.step("one message each way, with metadata", async () => {
      let header = new Headers();
      let trailer = new Headers();
      const big = 9007199254740993n;
      const answer = await client.echo({
        title: "T–ü",
        big,
        author: { name: "A", born: 7n },
        scan: Uint8Array.of(0, 255),
        ts: { seconds: 5n, nanos: 0 },
        cover: { case: "color", value: "red" },
      }, {
        headers: { "x-tenant": "acme", cookie: "secret" },
        onHeader: (headers) => header = headers,
        onTrailer: (headers) => trailer = headers,
      });
      assertEquals([answer.title, answer.big, answer.cover], ["T–ü", big, {
        case: "color",
        value: "red",
      }]);
      assertEquals(answer.scan, Uint8Array.of(0, 255));
      assertEquals(header.get("x-head"), "h1, h2");
      assertEquals(header.get("x-raw-bin"), "AQL/");
      assertEquals(trailer.get("x-trail"), "t1, t2");
      const sent = gateway.log.metadata.filter(([name]) => !name.startsWith("user-agent"));
      assertEquals(sent, [["x-tenant", "acme"]]);
    });

    await t.step("a method without side effects", async () => {
      const answer = await client.get({ name: "n/ü?&", sizes: [1, 2] });
      assertEquals([answer.name, answer.sizes], ["n/ü?&", [1, 2]]);
    });

    await t.step("an error with its details", async () => {
      const error = await assertRejects(() => client.fail({ value: 3 }), ConnectError);
      assertEquals(error.code, Code.FailedPrecondition);
      assertEquals(error.rawMessage, "Cannot count: 3 – too far");
      const [struct] = error.findDetails(registry.getMessage("google.protobuf.Struct")!);
      const { fields } = struct as unknown as { fields: Record<string, { kind: unknown }> };
      assertEquals(fields.limit?.kind, { case: "numberValue", value: 7 });
    });

    await t.step("many messages", async () => {
      const values: unknown[] = [];
      for await (const { value } of client.countUp({ from: 1, to: 5 })) values.push(value);
      assertEquals(values, [1, 2, 3, 4]);
    });

    await t.step("an error behind messages", async () => {
      const values: unknown[] = [];
      const error = await assertRejects(async () => {
        for await (
          const { value } of client.countUp({ from: 11, to: 20, failAt: 13 })
        ) {
          values.push(value);
        }
      }, ConnectError);
      assertEquals([error.code, values], [Code.OutOfRange, [11, 12]]);
    });

    await t.step("a deadline, which the service is told", async () => {
      const call = () => client.wait({ waitMs: 5_000 }, { timeoutMs: 200 });
      const error = await assertRejects(call, ConnectError);
      assertEquals(error.code, Code.DeadlineExceeded);
      assert(gateway.log.remainingMs <= 200, `${gateway.log.remainingMs}`);
    });

    await t.step("a client that goes", async () => {
      const going = new AbortController();
      await assertRejects(async () => {
        const call = { from: 0, to: 1_000_000, waitMs: 20 };
        for await (const { value } of client.countUp(call, { signal: going.signal })) {
          if (value === 2) going.abort();
        }
      });
      const { canceled } = gateway.log;
      for (let waited = 0; !canceled.includes("CountUp") && waited < 100; waited++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert(canceled.includes("CountUp"));
    });
  });
}
