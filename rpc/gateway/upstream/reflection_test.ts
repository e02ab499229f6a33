import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import {
  FileDescriptorProto,
  FileDescriptorSet,
} from "../../proto/google/protobuf/descriptor.gen.ts";
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../server/grpc/reflection/v1/reflection.gen.ts";
import type { Caller } from "../method.ts";
import { librarySet } from "../testdata/library.ts";
import { reflect } from "./reflection.ts";

type Answer = ServerReflectionResponse["messageResponse"];

const files = FileDescriptorSet.decode(librarySet).file;

/** A service that knows one version, and answers with a single file at a time. */
function fake(version: string, lost?: string): { caller: Caller; asked: string[] } {
  const asked: string[] = [];
  const answerOf = ({ messageRequest }: ServerReflectionRequest): Answer => {
    if (messageRequest.case === "listServices") {
      const names = ["grpc.health.v1.Health", "library.v1.Library"];
      return { case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } };
    }
    const file = messageRequest.case === "fileByFilename"
      ? files.find(({ name }) => name === messageRequest.value && name !== lost)
      : files.find(({ service }) => service.length > 0);
    if (!file) {
      return { case: "errorResponse", value: { errorCode: 5, errorMessage: "no such file" } };
    }
    const fileDescriptorProto = [FileDescriptorProto.encode(file)];
    return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
  };
  const stream = async function* (
    method: { readonly path: string },
    requests: AsyncIterable<ServerReflectionRequest>,
  ) {
    if (!method.path.startsWith(`/grpc.reflection.${version}.`)) {
      throw new ServiceError("unimplemented", "Cannot call: not this version");
    }
    for await (const request of requests) {
      asked.push(`${request.messageRequest.case} ${request.messageRequest.value}`.trim());
      yield { validHost: "", originalRequest: request, messageResponse: answerOf(request) };
    }
  };
  return { caller: { unary: () => Promise.reject(new Error("none")), stream } as never, asked };
}

for (const version of ["v1", "v1alpha"]) {
  Deno.test(`reflect() asks in ${version}, and for what is missing`, async () => {
    const { caller, asked } = fake(version);
    const pool = await reflect(caller);
    assertEquals(pool.services.map(({ typeName }) => typeName), ["library.v1.Library"]);
    assertEquals(pool.find("library.v1.Book")?.fields.length, 24);
    assertEquals(asked.slice(0, 2), ["listServices", "fileContainingSymbol library.v1.Library"]);
    assertEquals(asked.slice(2).every((question) => question.startsWith("fileByFilename ")), true);
    assertEquals(new Set(asked).size, files.length + 1);
  });
}

Deno.test("reflect() says which file there is not", async () => {
  const { caller } = fake("v1", "google/protobuf/struct.proto");
  const error = await assertRejects(() => reflect(caller), ServiceError, "no such file");
  assertEquals(error.code, "not_found");
});

Deno.test("reflect() says that there is no reflection", async () => {
  const error = await assertRejects(() => reflect(fake("v0").caller), ServiceError);
  assertEquals(error.code, "unimplemented");
});
