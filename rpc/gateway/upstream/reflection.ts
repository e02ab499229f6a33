/**
 * What a service says of itself.
 *
 * @see https://grpc.io/docs/guides/reflection/
 * @module
 */

import { codeOfGrpcNumber, ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { FileDescriptorProto } from "../../proto/google/protobuf/descriptor.gen.ts";
import {
  type ServerReflectionRequest,
  serverReflectionService as v1,
} from "../../server/grpc/reflection/v1/reflection.gen.ts";
import { serverReflectionService as v1alpha } from "../../server/grpc/reflection/v1alpha/reflection.gen.ts";
import type { ServerReflectionResponse } from "../../server/grpc/reflection/v1/reflection.gen.ts";
import { DescriptorPool } from "../dynamic/descriptor_pool.ts";
import type { Caller } from "../method.ts";

/** Options for {@link reflect}. */
export interface ReflectOptions {
  /** How long it may take in all, in ms. @default {5_000} */
  readonly timeoutMs?: number | undefined;
}

type Question = ServerReflectionRequest["messageRequest"];
type Answer = ServerReflectionResponse["messageResponse"];
type ReflectionMethod = typeof v1.methods.serverReflectionInfo;

/**
 * Asks a service by reflection for all that it serves, but for the services of gRPC itself. The first version of the protocol is
 * tried first, then its draft.
 *
 * @throws {ServiceError} If it does not answer; `unimplemented` if it does not know reflection.
 */
export async function reflect(
  caller: Caller,
  { timeoutMs = 5_000 }: ReflectOptions = {},
): Promise<DescriptorPool> {
  using deadline = new Deadline(timeoutMs);
  try {
    return await new ReflectionClient(caller, v1.methods.serverReflectionInfo, deadline).pool();
  } catch (error) {
    if (ServiceError.from(error).code !== "unimplemented") throw error;
  }
  const draft = v1alpha.methods.serverReflectionInfo as ReflectionMethod;
  return await new ReflectionClient(caller, draft, deadline).pool();
}

class ReflectionClient {
  readonly #caller: Caller;
  readonly #method: ReflectionMethod;
  readonly #deadline: Deadline;
  readonly #files = new Map<string, FileDescriptorProto>();

  constructor(caller: Caller, method: ReflectionMethod, deadline: Deadline) {
    this.#caller = caller;
    this.#method = method;
    this.#deadline = deadline;
  }

  async pool(): Promise<DescriptorPool> {
    const answer = await this.#ask({ case: "listServices", value: "" });
    const services = answer.case === "listServicesResponse" ? answer.value.service : [];
    for (const { name } of services) {
      if (name.startsWith("grpc.")) continue;
      this.#keep(await this.#ask({ case: "fileContainingSymbol", value: name }));
    }
    // Some answer with what is asked for alone, and not with all that it imports.
    for (;;) {
      const missing = this.#missing();
      if (missing === undefined) return new DescriptorPool([...this.#files.values()]);
      this.#keep(await this.#ask({ case: "fileByFilename", value: missing }));
      if (this.#files.has(missing)) continue;
      throw new ServiceError("not_found", `Cannot reflect: there is no file ${missing}`);
    }
  }

  #missing(): string | undefined {
    for (const { dependency } of this.#files.values()) {
      const missing = dependency.find((name) => !this.#files.has(name));
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  #keep(answer: Answer): void {
    if (answer.case !== "fileDescriptorResponse") return;
    for (const bytes of answer.value.fileDescriptorProto) {
      const file = FileDescriptorProto.decode(bytes);
      this.#files.set(file.name ?? "", file);
    }
  }

  /** Each question is a call of its own: there are few, and some servers give files but once in a call. */
  async #ask(question: Question): Promise<Answer> {
    const request = { host: "", messageRequest: question };
    const call = { metadata: undefined, deadline: this.#deadline, signal: undefined };
    const answers = this.#caller.stream(this.#method, only(request), call);
    for await (const { messageResponse: answer } of answers) {
      if (answer.case !== "errorResponse") return answer;
      const { errorCode, errorMessage } = answer.value;
      throw new ServiceError(codeOfGrpcNumber(errorCode), `Cannot reflect: ${errorMessage}`);
    }
    throw new ServiceError("internal", "Cannot reflect: there was no answer");
  }
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value;
}
