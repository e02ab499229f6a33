import { assert, assertEquals } from "@std/assert";
import { testEachKind } from "../testing/each_kind.ts";
import { openPair } from "../testing/pair.ts";
import { serverReflectionService } from "./grpc/reflection/v1/reflection.gen.ts";

testEachKind("tells tools what there is", async (kind) => {
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
  const [services, file, unknown, nothing] = answers.map(({ messageResponse }) => messageResponse);
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
});
