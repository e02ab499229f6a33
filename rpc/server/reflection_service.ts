/**
 * What a server has to offer, for tools that ask.
 *
 * @see https://grpc.io/docs/guides/reflection/
 * @module
 */

import { grpcNumberOf, ServiceError } from "../../core/errors.ts";
import type { ServiceInfo } from "../method.ts";
import { DescriptorIndex } from "./descriptor_index.ts";
import type {
  ServerReflectionMethods,
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "./grpc/reflection/v1/reflection.gen.ts";
import type { Implementation } from "./handler.ts";

type Answer = ServerReflectionResponse["messageResponse"];

/**
 * Answers questions about services. The answers are the same in both versions of the protocol, so one implementation serves
 * `grpc.reflection.v1` and `grpc.reflection.v1alpha`.
 *
 * @param services The services to tell of. Those without a descriptor are listed, and no more is known of them.
 */
export function reflectionOf(
  services: () => readonly ServiceInfo[],
): Implementation<ServerReflectionMethods> {
  let index: DescriptorIndex | undefined;
  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield answer(request, services(), index ??= indexOf(services()));
      }
    },
  };
}

function indexOf(services: readonly ServiceInfo[]): DescriptorIndex {
  const index = new DescriptorIndex();
  for (const { descriptor } of services) if (descriptor) index.add(descriptor);
  return index;
}

function answer(
  request: ServerReflectionRequest,
  services: readonly ServiceInfo[],
  index: DescriptorIndex,
): ServerReflectionResponse {
  let messageResponse: Answer;
  try {
    messageResponse = answerOf(request, services, index);
  } catch (thrown) {
    const { code, message } = ServiceError.from(thrown);
    const value = { errorCode: grpcNumberOf(code), errorMessage: message };
    messageResponse = { case: "errorResponse", value };
  }
  return { validHost: request.host, originalRequest: request, messageResponse };
}

function answerOf(
  { messageRequest: asked }: ServerReflectionRequest,
  services: readonly ServiceInfo[],
  index: DescriptorIndex,
): Answer {
  switch (asked.case) {
    case "listServices":
      return listed(services);
    case "fileByFilename":
      return files(index.file(asked.value), `file "${asked.value}"`);
    case "fileContainingSymbol":
      return files(index.fileOf(asked.value), `symbol "${asked.value}"`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const what = `extension ${extensionNumber} of "${containingType}"`;
      return files(index.fileOfExtension(containingType, extensionNumber), what);
    }
    case "allExtensionNumbersOfType": {
      const extensionNumber = index.extensionsOf(asked.value);
      if (!extensionNumber) throw unknown(`message "${asked.value}"`);
      const value = { baseTypeName: asked.value, extensionNumber };
      return { case: "allExtensionNumbersResponse", value };
    }
    default:
      throw new ServiceError("invalid_argument", "Cannot reflect: the request asks for nothing");
  }
}

function listed(services: readonly ServiceInfo[]): Answer {
  const service = services.map(({ typeName }) => ({ name: typeName }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  return { case: "listServicesResponse", value: { service } };
}

function files(fileDescriptorProto: Uint8Array[] | undefined, what: string): Answer {
  if (!fileDescriptorProto) throw unknown(what);
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function unknown(what: string): ServiceError {
  return new ServiceError("not_found", `Cannot reflect: there is no ${what}`);
}
