import { assertEquals } from "@std/assert";
import { FileDescriptorProto, FileDescriptorSet } from "../proto/google/protobuf/descriptor.gen.ts";
import type { JsonValue } from "../proto/json_value.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echoHandlers, openPair } from "../testing/pair.ts";
import { echoService } from "../testing/echo_service.ts";
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  serverReflectionService as v1,
} from "./grpc/reflection/v1/reflection.gen.ts";
import { serverReflectionService as v1Alpha } from "./grpc/reflection/v1alpha/reflection.gen.ts";
import type { RpcServer } from "./rpc_server.ts";

type Question = ServerReflectionRequest["messageRequest"];

function set(...file: JsonValue[]): Uint8Array {
  return FileDescriptorSet.encode(FileDescriptorSet.fromJson({ file }));
}

const common = {
  name: "common.proto",
  package: "shop",
  messageType: [{ name: "Id", field: [{ name: "value" }] }],
};
const orders = set(common, {
  name: "service.proto",
  package: "shop.orders",
  dependency: ["common.proto", "gone.proto"],
  messageType: [{
    name: "Order",
    field: [{ name: "id" }],
    oneofDecl: [{ name: "payment" }],
    nestedType: [{ name: "Line", enumType: [{ name: "Unit", value: [{ name: "KILO" }] }] }],
    extension: [{ name: "inner", extendee: ".shop.Id", number: 101 }],
  }],
  enumType: [{ name: "State", value: [{ name: "OPEN" }] }],
  service: [{ name: "Orders", method: [{ name: "Place" }] }],
  extension: [{ name: "outer", extendee: ".shop.Id", number: 100 }],
});
// Another file of the same name, as services made by different people have.
const stock = set(common, {
  name: "service.proto",
  package: "shop.stock",
  dependency: ["common.proto"],
  service: [{ name: "Stock", method: [{ name: "Take" }] }],
});

function addServices(server: RpcServer): void {
  const { say } = echoService.methods;
  for (
    const [typeName, descriptor] of [["shop.orders.Orders", orders], [
      "shop.stock.Stock",
      stock,
    ]] as const
  ) {
    const method = { ...say, path: `/${typeName}/Say` };
    server.add({ typeName, methods: { say: method }, descriptor }, { say: echoHandlers.say });
  }
}

const ORDERS = ["service.proto shop.orders", "common.proto shop"];
const STOCK = ["service.proto shop.stock", "common.proto shop"];
const symbol = (value: string): Question => ({ case: "fileContainingSymbol", value });

/** What is asked, and what is answered: files with their packages, numbers, or the code of an error. */
const QUESTIONS: readonly (readonly [Question, unknown])[] = [
  [{ case: "listServices", value: "" }, [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "shop.orders.Orders",
    "shop.stock.Stock",
    "zeno.testing.EchoService",
  ]],
  [{ case: "fileByFilename", value: "common.proto" }, ["common.proto shop"]],
  [{ case: "fileByFilename", value: "service.proto" }, ORDERS],
  [{ case: "fileByFilename", value: "nothing.proto" }, 5],
  [symbol("shop.orders.Orders"), ORDERS],
  [symbol("shop.orders.Orders.Place"), ORDERS],
  [symbol("shop.orders.Order"), ORDERS],
  [symbol("shop.orders.Order.id"), ORDERS],
  [symbol("shop.orders.Order.payment"), ORDERS],
  [symbol("shop.orders.Order.Line.Unit"), ORDERS],
  [symbol("shop.orders.Order.Line.KILO"), ORDERS],
  [symbol("shop.orders.OPEN"), ORDERS],
  [symbol("shop.orders.outer"), ORDERS],
  [symbol("shop.stock.Stock.Take"), STOCK],
  [symbol("shop.Id.value"), ["common.proto shop"]],
  [symbol("grpc.health.v1.Health.Check"), ["grpc/health/v1/health.proto grpc.health.v1"]],
  [symbol("nothing"), 5],
  [symbol("zeno.testing.EchoService"), 5], // It came without a descriptor.
  [
    { case: "fileContainingExtension", value: { containingType: "shop.Id", extensionNumber: 100 } },
    ORDERS,
  ],
  [
    { case: "fileContainingExtension", value: { containingType: "shop.Id", extensionNumber: 7 } },
    5,
  ],
  [{ case: "allExtensionNumbersOfType", value: "shop.Id" }, [100, 101]],
  [{ case: "allExtensionNumbersOfType", value: "shop.orders.Order" }, []],
  [{ case: "allExtensionNumbersOfType", value: "nothing" }, 5],
  [{ case: undefined, value: undefined }, 3],
];

for (const [version, service] of [["v1", v1], ["v1alpha", v1Alpha]] as const) {
  testEachKind(`answers every question of reflection ${version}`, async (kind) => {
    await using pair = await openPair(kind, { server: { Mode: "dev" }, prepare: addServices });
    const { serverReflectionInfo } = pair.client.stub(service);
    const requests = QUESTIONS.map(([messageRequest]) => ({ host: "h", messageRequest }));
    const answers = await Array.fromAsync(serverReflectionInfo(requests));
    assertEquals(answers.length, QUESTIONS.length);
    for (const [i, { validHost, originalRequest, messageResponse }] of answers.entries()) {
      assertEquals([validHost, originalRequest], ["h", requests[i]]);
      assertEquals(shown(messageResponse), QUESTIONS[i]![1], JSON.stringify(requests[i]));
    }
  });
}

function shown(answer: ServerReflectionResponse["messageResponse"]): unknown {
  switch (answer.case) {
    case "listServicesResponse":
      return answer.value.service.map(({ name }) => name);
    case "fileDescriptorResponse":
      return answer.value.fileDescriptorProto.map((bytes) => {
        const file = FileDescriptorProto.decode(bytes);
        return `${file.name} ${file.package}`;
      });
    case "allExtensionNumbersResponse":
      return answer.value.extensionNumber;
    default:
      return answer.value?.errorCode;
  }
}

Deno.test("reflection is there in the modes of development alone, unless the program says otherwise", async () => {
  const CASES = [
    { Mode: "pro", reflection: undefined, there: false },
    { Mode: "pre", reflection: undefined, there: false },
    { Mode: "test", reflection: undefined, there: true },
    { Mode: "pro", reflection: true, there: true },
    { Mode: "dev", reflection: false, there: false },
  ] as const;
  for (const { Mode, reflection, there } of CASES) {
    const serverOptions = reflection === undefined ? {} : { reflection };
    await using pair = await openPair("inproc", { server: { Mode }, serverOptions });
    const paths = pair.server.methods().map(({ path }) => path);
    assertEquals(paths.some((path) => path.includes("Reflection")), there, `${Mode} ${reflection}`);
  }
});

Deno.test("reflection asks for tokens where the services do", async () => {
  await using pair = await openPair("inproc", {
    server: { Mode: "dev", Auth: true, StrictControl: true },
    serverOptions: { tokens: new MemoryTokenStore({ shop: "t" }) },
  });
  const { serverReflectionInfo } = pair.client.stub(v1);
  const ask = (metadata: Record<string, string>) =>
    Array.fromAsync(
      serverReflectionInfo([{ host: "", messageRequest: { case: "listServices", value: "" } }], {
        metadata,
      }),
    ).then(() => "ok", ({ code }) => code);
  assertEquals([await ask({}), await ask({ app: "shop", token: "t" })], ["unauthenticated", "ok"]);
});
