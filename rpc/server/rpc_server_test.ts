import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ServiceError } from "../../core/errors.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { grpcTransport } from "../transport/grpc_js/client_transport.ts";
import { RpcServer } from "./rpc_server.ts";

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

Deno.test("RpcServer tells of methods in its configuration that there are not", async () => {
  const FullMethod = echoService.methods.say.path;
  const known = {
    MethodTimeouts: [{ FullMethod, Timeout: 7 }, { FullMethod: "", Timeout: 7 }, { Timeout: 7 }],
    Middlewares: { StatConf: { IgnoreContentMethods: [FullMethod] } },
  };
  await using good = await openPair("inproc", { server: known });
  assertEquals(good.log.contents("error"), []);
  const unknown = {
    MethodTimeouts: [{ FullMethod: "/a.B/C", Timeout: 7 }],
    Middlewares: { StatConf: { IgnoreContentMethods: ["/a.B/D", FullMethod] } },
  };
  await using bad = await openPair("inproc", { server: unknown });
  const [line] = bad.log.contents("error");
  assert(
    String(line).startsWith(
      'Cannot find methods of the configuration: MethodTimeouts: "/a.B/C", IgnoreContentMethods: "/a.B/D"; need',
    ),
    String(line),
  );
});

Deno.test("RpcServer starts once", async () => {
  await using pair = await openPair("inproc");
  await assertRejects(() => pair.server.start(), TypeError, "started before");
  assertThrows(() => pair.server.use({}), TypeError, "started before");
});
