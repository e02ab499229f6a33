import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { isShed } from "../../core/load/errors.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import {
  currentBaggage,
  useTracer,
  withBaggage,
  withSpan,
} from "../../core/trace/active_tracer.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import type { Metadata } from "../metadata.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair, type PairKind } from "../testing/pair.ts";
import { grpcTransport } from "../transport/grpc_js/client_transport.ts";
import { healthService } from "./grpc/health/v1/health.gen.ts";
import { serverReflectionService } from "./grpc/reflection/v1/reflection.gen.ts";
import { RpcServer } from "./rpc_server.ts";

const KINDS: PairKind[] = ["inproc", "grpc_js"];
const hang = () => new Promise<never>(() => {});
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

interface Case {
  name: string;
  run(kind: PairKind): Promise<void>;
}

const CASES: Case[] = [
  {
    name: "answers every kind of method",
    async run(kind) {
      await using pair = await openPair(kind);
      const { stub } = pair;
      assertEquals((await stub.say(echo("a", 1))).text, "a");
      const counted: number[] = [];
      for await (const { number } of stub.count(echo("", 3))) counted.push(number);
      assertEquals(counted, [1, 2, 3]);
      assertEquals((await stub.sum([echo("", 1), echo("", 2)])).number, 3);
      const said: string[] = [];
      for await (const { text } of stub.chat([echo("x"), echo("y")])) said.push(text);
      assertEquals(said, ["x", "y"]);
    },
  },
  {
    name: "turns what a handler did not mean to throw into internal, and logs it",
    async run(kind) {
      await using pair = await openPair(kind, {
        handlers: {
          say: () => {
            throw new TypeError("s3cret");
          },
          look: () => Promise.reject(new TypeError("s3cret")),
          // deno-lint-ignore require-yield -- It fails first.
          async *count() {
            throw new TypeError("s3cret");
          },
          sum: () => Promise.reject(new TypeError("s3cret")),
        },
      });
      const { stub, log } = pair;
      const runs = [
        () => stub.say(echo("")),
        () => stub.look(echo(""), { retry: false }),
        () => Array.fromAsync(stub.count(echo(""))),
        () => stub.sum([]),
      ];
      for (const run of runs) {
        const error = await assertRejects(run, ServiceError);
        assertEquals([error.code, error.message.includes("s3cret")], ["internal", false]);
      }
      const lines = log.records.filter(({ fields }) =>
        JSON.stringify(fields ?? {}).includes("s3cret")
      );
      assert(lines.length >= 4, `${lines.length} lines`);
    },
  },
  {
    name: "gives up after the method's time, and aborts its signal",
    async run(kind) {
      const aborted = Promise.withResolvers<unknown>();
      await using pair = await openPair(kind, {
        server: { Timeout: 60 },
        handlers: {
          say: (_request, { signal }) => {
            signal.addEventListener("abort", () => aborted.resolve(signal.reason));
            return hang();
          },
        },
      });
      const error = await assertRejects(() => pair.stub.say(echo("")), DeadlineExceededError);
      assert(error.message.includes("60 ms"), error.message);
      assertEquals((await aborted.promise as Error).name, "TimeoutError");
    },
  },
  {
    name: "gives single methods another time, and 0 means none",
    async run(kind) {
      await using pair = await openPair(kind, {
        server: {
          Timeout: 40,
          MethodTimeouts: [
            { FullMethod: echoService.methods.say.path, Timeout: 500 },
            { FullMethod: echoService.methods.look.path, Timeout: 0 },
          ],
        },
        handlers: {
          say: (request) => sleep(100).then(() => request),
          look: (request) => sleep(100).then(() => request),
        },
      });
      assertEquals((await pair.stub.say(echo("a"))).text, "a");
      assertEquals((await pair.stub.look(echo("b"))).text, "b");
    },
  },
  {
    name: "passes on the caller's deadline to what the handler calls",
    async run(kind) {
      const left: (number | undefined)[] = [];
      await using pair = await openPair(kind, {
        handlers: {
          say: async (request) => {
            await sleep(1);
            left.push(currentDeadline()?.remainingMs);
            return request;
          },
        },
      });
      await pair.stub.say(echo(""), { timeoutMs: 700 });
      assert(left[0]! > 300 && left[0]! < 700, `${left[0]}`);
    },
  },
  {
    name: "aborts the signal of a handler whose caller goes",
    async run(kind) {
      const begun = Promise.withResolvers<void>();
      const aborted = Promise.withResolvers<unknown>();
      await using pair = await openPair(kind, {
        handlers: {
          say: (_request, { signal }) => {
            signal.addEventListener("abort", () => aborted.resolve(signal.reason));
            begun.resolve();
            return hang();
          },
        },
      });
      const controller = new AbortController();
      const rejected = assertRejects(
        () => pair.stub.say(echo(""), { signal: controller.signal }),
        Error,
        "enough",
      );
      await begun.promise;
      controller.abort(new Error("enough"));
      await rejected;
      assertEquals((await aborted.promise as Error).name, "AbortError");
    },
  },
  {
    name: "opens the breaker of a method that fails, and says why",
    async run(kind) {
      let trailer: Metadata | undefined;
      await using pair = await openPair(kind, {
        client: { Middlewares: { Breaker: false } },
        handlers: { say: () => Promise.reject(new ServiceError("internal", "no")) },
      });
      let refused: ServiceError | undefined;
      for (let i = 0; i < 200 && !refused; i++) {
        const error = await assertRejects(
          () => pair.stub.say(echo(""), { onTrailer: (got) => trailer = got }),
          ServiceError,
        );
        if (error.code === "unavailable") refused = error;
      }
      assert(refused && isShed(refused), String(refused));
      const decision = pair.server.decisions.explain(trailer?.get("zeno-decision") ?? "");
      assertEquals([decision?.protection, decision?.target], [
        "breaker",
        "/zeno.testing.EchoService/Say",
      ]);
      assertEquals((await pair.stub.look(echo("a"))).text, "a");
    },
  },
  {
    name: "does not open a breaker for answers that say no",
    async run(kind) {
      await using pair = await openPair(kind, {
        handlers: { say: () => Promise.reject(new ServiceError("not_found", "no")) },
      });
      for (let i = 0; i < 100; i++) {
        const error = await assertRejects(() => pair.stub.say(echo("")), ServiceError);
        assertEquals(error.code, "not_found");
      }
    },
  },
  {
    name: "refuses calls over MaxConcurrency",
    async run(kind) {
      const answer = Promise.withResolvers<ReturnType<typeof echo>>();
      await using pair = await openPair(kind, {
        server: { MaxConcurrency: 2 },
        handlers: { say: () => answer.promise },
      });
      const first = [pair.stub.say(echo("")), pair.stub.say(echo(""))];
      await sleep(30);
      const error = await assertRejects(() => pair.stub.say(echo("")), ServiceError);
      assertEquals(error.code, "resource_exhausted");
      answer.resolve(echo("late"));
      assertEquals((await Promise.all(first)).length, 2);
    },
  },
  {
    name: "counts calls and their times",
    async run(kind) {
      await using pair = await openPair(kind, {
        handlers: { look: () => Promise.reject(new ServiceError("not_found", "no")) },
      });
      await pair.stub.say(echo(""));
      await pair.stub.say(echo(""));
      await assertRejects(() => pair.stub.look(echo("")));
      await sleep(5);
      for (const side of ["server", "client"]) {
        const codes = pair.metrics.counter({
          namespace: `rpc_${side}`,
          subsystem: "requests",
          name: "code_total",
          help: side === "server" ? "Calls served, by status code." : "Calls made, by status code.",
          labels: ["method", "code"],
        });
        assertEquals(codes.labels("/zeno.testing.EchoService/Say", "0").value, 2, side);
        assertEquals(codes.labels("/zeno.testing.EchoService/Look", "5").value, 1, side);
      }
    },
  },
  {
    name: "logs a line for each call, with secrets masked",
    async run(kind) {
      await using pair = await openPair(kind, {
        server: {
          Middlewares: { StatConf: { IgnoreContentMethods: [echoService.methods.look.path] } },
        },
      });
      await pair.stub.say(echo("hello", 7));
      await pair.stub.look(echo("hidden"));
      await sleep(5);
      const lines = pair.log.contents("info").map(String).filter((line) =>
        line.includes("EchoService")
      );
      assertEquals(lines.length, 1);
      assert(
        lines[0]!.endsWith('/zeno.testing.EchoService/Say - {"text":"hello","number":7}'),
        lines[0],
      );
    },
  },
  {
    name: "makes one trace of caller and service, and carries baggage",
    async run(kind) {
      let tenant: string | undefined;
      await using pair = await openPair(kind, {
        handlers: {
          say: async (request) => {
            await sleep(1);
            tenant = currentBaggage().get("tenant");
            return request;
          },
        },
      });
      const recorder = new SpanRecorder();
      using _tracing = useTracer(createTracer({ processor: recorder }));
      await withBaggage(
        currentBaggage().set("tenant", "acme"),
        () => withSpan("outer", () => pair.stub.say(echo("")).then(() => {})),
      );
      await Array.fromAsync(pair.stub.count(echo("", 2)));
      assertEquals(tenant, "acme");
      const [server, client, outer] = recorder.spans;
      assertEquals([server?.name, client?.name, outer?.name], [
        "zeno.testing.EchoService/Say",
        "zeno.testing.EchoService/Say",
        "outer",
      ]);
      assertEquals([server?.kind, client?.kind], ["server", "client"]);
      assertEquals(server?.parent?.spanId, client?.context.spanId);
      assertEquals(client?.parent?.spanId, outer?.context.spanId);
      assertEquals([server?.events.length, client?.events.length], [2, 2]);
      assertEquals(client?.attributes.get("rpc.grpc.status_code"), 0);
    },
  },
  {
    name: "passes a trace on though nobody records it",
    async run(kind) {
      const seen: string[] = [];
      await using back = await openPair(kind, {
        handlers: {
          say: (request, { traceId }) => {
            seen.push(traceId);
            return request;
          },
        },
      });
      await using front = await openPair(kind, {
        handlers: {
          say: async (request, { traceId }) => {
            await sleep(1);
            seen.push(traceId);
            return await back.stub.say(request);
          },
        },
      });
      await front.stub.say(echo(""));
      assertEquals(seen.length, 2);
      assertEquals(seen[0], seen[1]);
    },
  },
  {
    name: "does not hang when it stops with calls and streams open",
    async run(kind) {
      const aborted: string[] = [];
      await using pair = await openPair(kind, {
        server: { Timeout: 0, Shutdown: { WrapUpTime: 10, WaitTime: 700 } },
        client: { Timeout: 0 },
        handlers: {
          say: (_request, { signal }) => {
            signal.addEventListener("abort", () => aborted.push("say"));
            return hang();
          },
          async *count(_request, { signal }) {
            signal.addEventListener("abort", () => aborted.push("count"));
            yield echo("1");
            await hang();
          },
        },
      });
      const failures: Promise<unknown>[] = [
        assertRejects(() => pair.stub.say(echo("")), ServiceError),
        assertRejects(() => Array.fromAsync(pair.stub.count(echo(""))), ServiceError),
      ];
      await sleep(60);
      const startedMs = systemClock.now();
      await pair.server.stop();
      assert(systemClock.now() - startedMs < 1_500);
      await Promise.all(failures);
      assertEquals(aborted.sort(), ["count", "say"]);
    },
  },
  {
    name: "finishes what is in flight when it stops",
    async run(kind) {
      await using pair = await openPair(kind, {
        handlers: { say: (request) => sleep(120).then(() => request) },
      });
      const answers = [1, 2, 3].map((n) => pair.stub.say(echo("", n)));
      await sleep(30);
      await Promise.all(
        [pair.server.stop(), pair.client[Symbol.asyncDispose].call(pair.client).catch(() => {})]
          .slice(0, 1),
      );
      assertEquals((await Promise.all(answers)).map(({ number }) => number), [1, 2, 3]);
    },
  },
  {
    name: "tells its health, and that it stops",
    async run(kind) {
      await using pair = await openPair(kind);
      const health = pair.client.stub(healthService);
      assertEquals((await health.check({ service: "" })).status, 1);
      assertEquals((await health.check({ service: echoService.typeName })).status, 1);
      const error = await assertRejects(() => health.check({ service: "x" }), ServiceError);
      assertEquals([error.code, error.message], ["not_found", "unknown service"]);
      assertEquals([...(await health.list({})).statuses.keys()].sort(), ["", echoService.typeName]);
      const seen: number[] = [];
      for await (const { status } of health.watch({ service: "" })) {
        seen.push(status);
        if (seen.length === 1) pair.server.stop();
      }
      assertEquals(seen, [1, 2]);
    },
  },
  {
    name: "tells tools what there is",
    async run(kind) {
      await using pair = await openPair(kind, { server: { Mode: "dev" } });
      const { serverReflectionInfo } = pair.client.stub(serverReflectionService);
      const answers = await Array.fromAsync(serverReflectionInfo([
        { host: "h", messageRequest: { case: "listServices", value: "" } },
        {
          host: "",
          messageRequest: { case: "fileContainingSymbol", value: "grpc.health.v1.Health.Check" },
        },
        { host: "", messageRequest: { case: "fileContainingSymbol", value: "nothing" } },
        { host: "", messageRequest: { case: undefined } },
      ]));
      const [services, file, unknown, nothing] = answers.map(({ messageResponse }) =>
        messageResponse
      );
      assertEquals(
        services?.case === "listServicesResponse" && services.value.service.map(({ name }) => name),
        [
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection",
          "zeno.testing.EchoService",
        ],
      );
      assertEquals(answers[0]?.validHost, "h");
      assert(
        file?.case === "fileDescriptorResponse" && file.value.fileDescriptorProto.length === 1,
      );
      assert(unknown?.case === "errorResponse" && unknown.value.errorCode === 5);
      assert(nothing?.case === "errorResponse" && nothing.value.errorCode === 3);
    },
  },
];

for (const kind of KINDS) {
  for (const { name, run } of CASES) Deno.test(`RpcServer over ${kind} ${name}`, () => run(kind));
}

const AUTH = [
  {
    name: "lets in who is unknown when lax",
    app: "foo",
    token: "bar",
    known: undefined,
    strict: false,
    code: undefined,
  },
  {
    name: "refuses who is unknown when strict",
    app: "foo",
    token: "bar",
    known: undefined,
    strict: true,
    code: "internal",
  },
  {
    name: "lets in who shows its token when lax",
    app: "foo",
    token: "bar",
    known: "bar",
    strict: false,
    code: undefined,
  },
  {
    name: "lets in who shows its token when strict",
    app: "foo",
    token: "bar",
    known: "bar",
    strict: true,
    code: undefined,
  },
  {
    name: "refuses a wrong token when lax",
    app: "foo",
    token: "bar",
    known: "error",
    strict: false,
    code: "unauthenticated",
  },
  {
    name: "refuses a wrong token when strict",
    app: "foo",
    token: "bar",
    known: "error",
    strict: true,
    code: "unauthenticated",
  },
  {
    name: "refuses who says nothing when lax",
    app: "",
    token: "",
    known: "bar",
    strict: false,
    code: "unauthenticated",
  },
  {
    name: "refuses who says nothing when strict",
    app: "",
    token: "",
    known: "bar",
    strict: true,
    code: "unauthenticated",
  },
] as const;

for (const { name, app, token, known, strict, code } of AUTH) {
  Deno.test(`RpcServer with Auth ${name}`, async () => {
    const tokens = new MemoryTokenStore(known === undefined ? {} : { foo: known });
    await using pair = await openPair("inproc", {
      server: { Auth: true, StrictControl: strict },
      serverOptions: { tokens },
      client: { App: app, Token: token },
    });
    const runs = [
      () => pair.stub.say(echo("")),
      () => Array.fromAsync(pair.stub.count(echo("", 1))),
    ];
    for (const run of runs) {
      if (code === undefined) await run();
      else assertEquals((await assertRejects(run, ServiceError)).code, code);
    }
  });
}

Deno.test("RpcServer says what is wrong before it starts", async () => {
  await using server = new RpcServer({
    Name: "a",
    ListenOn: "inproc:///wrong",
    Log: { Level: "severe" },
  });
  const { say } = echoService.methods;
  const service = { typeName: "a.B", methods: { say } };
  assertThrows(() => server.add(service, {} as never), TypeError, 'there is no function "say"');
  server.add(service, { say: (request) => request });
  assertThrows(() => server.add(service, { say: (request) => request }), TypeError, "added before");
  assertThrows(() => server.address, TypeError, "not listening");
  assertThrows(
    () => new RpcServer({ Name: "a", ListenOn: ":0", Auth: true, Log: { Level: "severe" } }),
    TypeError,
    "token store",
  );
});

Deno.test("RpcServer is registered only once it listens, and is taken away before it drains", async () => {
  const seen: string[] = [];
  const registrar = {
    register(address: string) {
      seen.push(`register ${address}`);
      return Promise.resolve({
        [Symbol.asyncDispose]: () => {
          seen.push("remove");
          return Promise.resolve();
        },
      });
    },
  };
  await using pair = await openPair("grpc_js", { serverOptions: { registrars: [registrar] } });
  await pair.server.markNotReady();
  await pair.stub.say(echo(""));
  assertEquals(seen, [`register ${pair.server.address}`, "remove"]);
});

Deno.test("RpcServer does not register where it cannot listen", async () => {
  let registered = 0;
  const registrar = {
    register() {
      registered++;
      return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
    },
  };
  await using pair = await openPair("grpc_js");
  const config = { Name: "b", ListenOn: pair.server.address, Log: { Level: "severe" } } as const;
  await using second = new RpcServer(config, { registrars: [registrar] });
  const error = await assertRejects(() => second.start(), ServiceError, "the address is in use");
  assertEquals([error.code, registered], ["failed_precondition", 0]);
});

Deno.test("RpcClient says what is wrong", () => {
  assertThrows(() => new RpcClient({}), TypeError, "need one of Endpoints, Target and Etcd");
  assertThrows(() => new RpcClient({ Target: "ftp:///a" }), SyntaxError, "need direct");
  assertThrows(() => new RpcClient({ Target: "direct:///" }), SyntaxError, "no address");
});

Deno.test({
  name: "RpcServer talks TLS by its configuration",
  sanitizeOps: false, // What looks the name up keeps a timer for a while.
  sanitizeResources: false,
  async fn() {
    const file = (name: string) =>
      fromFileUrl(new URL(`../../core/discovery/etcd/testdata/${name}.pem`, import.meta.url));
    const server = {
      ListenOn: "localhost:0",
      CertFile: file("server"),
      KeyFile: file("server.key"),
    };
    const transport = grpcTransport({ tls: { ca: await Deno.readTextFile(file("ca")) } });
    await using pair = await openPair("grpc_js", { server, clientOptions: { transport } });
    assertEquals((await pair.stub.say(echo("a"))).text, "a");
    await using wrong = new RpcServer({ Name: "b", ...server, KeyFile: "/no/such.pem" }, {
      log: pair.log,
    });
    await assertRejects(() => wrong.start(), ServiceError, 'KeyFile "/no/such.pem" cannot be read');
  },
});

Deno.test("RpcServer starts once", async () => {
  await using pair = await openPair("inproc");
  await assertRejects(() => pair.server.start(), TypeError, "started before");
  assertThrows(() => pair.server.use({}), TypeError, "started before");
});
