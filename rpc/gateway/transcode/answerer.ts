/**
 * Answers of plain HTTP.
 *
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { problem } from "../../../rest/response/problem.ts";
import { respond } from "../../../rest/response/respond.ts";
import { ServerSentEvent, sse } from "../../../rest/response/sse.ts";
import { ndjson } from "../../../rest/response/stream.ts";
import { unsealed } from "../../../rest/response/unsealed.ts";
import { isMessage } from "../../proto/field.ts";
import type { ToJsonOptions } from "../../proto/json_context.ts";
import { isJsonObject, type JsonValue } from "../../proto/json_value.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { GatewayCall } from "../call/gateway_call.ts";
import { detailedError } from "../call/status_facts.ts";
import type { Target } from "../method.ts";
import type { Binding } from "./binding.ts";
import { addMetadataHeaders } from "./metadata_headers.ts";
import { HTTP_BODY } from "./request_reader.ts";

/** How answers are written. */
export interface GatewayJsonOptions {
  /** Whether fields that are zero are written. @default {true} */
  readonly emitDefaults?: boolean | undefined;
  /** Whether messages that are not set are written, as `null`; with `emitDefaults` only. @default {true} */
  readonly emitNulls?: boolean | undefined;
  /** Whether fields are called as declared, `user_id`, and not `userId`. @default {false} */
  readonly protoNames?: boolean | undefined;
  /** Whether enums are written as numbers. @default {false} */
  readonly enumNumbers?: boolean | undefined;
}

/** Makes answers of the messages of one binding. */
export class Answerer {
  readonly #target: Target;
  readonly #json: ToJsonOptions;
  /** Property to answer with, in the place of the whole message. */
  readonly #part: string | undefined;
  /** Where the message is that is a body of any kind: its type, and the property of the answer that it is in. */
  readonly #raw:
    | { readonly type: MessageType<object>; readonly key: string | undefined }
    | undefined;

  /** Looks up what a binding answers with. */
  constructor(target: Target, { responseBody }: Binding, json: GatewayJsonOptions) {
    const { emitDefaults = true, emitNulls = true, protoNames, enumNumbers } = json;
    const { method: { output }, registry } = target;
    this.#target = target;
    this.#json = {
      emitDefaults,
      emitNulls: emitDefaults && emitNulls,
      protoNames,
      enumNumbers,
      registry,
    };
    this.#part = protoNames ? responseBody?.name : responseBody?.jsonName;
    const type = responseBody ? responseBody.type : output;
    if (isMessage(type) && type.typeName === HTTP_BODY) {
      this.#raw = { type, key: responseBody?.key };
    }
  }

  /** The answer that is one message, in the envelope of the server if it has one. */
  single(message: object, call: GatewayCall, context: Context): Response {
    const response = this.#raw
      ? this.#rawAnswer(message)
      : respond(context, this.#valueOf(message));
    addMetadataHeaders(response.headers, call);
    return response;
  }

  /** The answer that is many messages, as events or as lines, as the client likes. */
  many(messages: AsyncIterable<object>, call: GatewayCall, context: Context): Response {
    const wantsEvents = /\btext\/event-stream\b/i.test(context.request.headers.get("accept") ?? "");
    // What comes with the status comes too late for a header.
    const response = wantsEvents
      ? sse(context, this.#events(messages, call, context))
      : ndjson(context, this.#lines(messages, call, context));
    addMetadataHeaders(response.headers, call);
    return response;
  }

  /** The answer to a call that has failed. */
  failed(thrown: unknown, call: GatewayCall, context: Context): Response {
    // A formatter of the user's own may answer with what it likes.
    const response = unsealed(
      problem(detailedError(thrown, call.trailer, this.#target.registry), context),
    );
    addMetadataHeaders(response.headers, call);
    return response;
  }

  async *#events(
    messages: AsyncIterable<object>,
    call: GatewayCall,
    context: Context,
  ): AsyncGenerator<unknown> {
    try {
      for await (const message of messages) yield this.#valueOf(message);
    } catch (thrown) {
      yield new ServerSentEvent(await this.#failure(thrown, call, context), { event: "error" });
    }
  }

  async *#lines(
    messages: AsyncIterable<object>,
    call: GatewayCall,
    context: Context,
  ): AsyncGenerator<unknown> {
    try {
      for await (const message of messages) yield this.#valueOf(message);
    } catch (thrown) {
      yield { error: await this.#failure(thrown, call, context) };
    }
  }

  /** What an answer with an error would say, for a stream that has begun. */
  async #failure(thrown: unknown, call: GatewayCall, context: Context): Promise<unknown> {
    const error = detailedError(thrown, call.trailer, this.#target.registry);
    const text = await problem(error, context).text();
    try {
      return JSON.parse(text);
    } catch {
      return text; // A formatter of the user's own may write what it likes.
    }
  }

  /** The message, or the field of it that is to be answered. */
  #valueOf(message: object): JsonValue {
    const json = this.#target.method.output.toJson(message, this.#json);
    const part = this.#part;
    return part !== undefined && isJsonObject(json) ? json[part] ?? null : json;
  }

  #rawAnswer(message: object): Response {
    const { type, key } = this.#raw!;
    const body = key === undefined ? message : Reflect.get(message, key) ?? type.create();
    const { contentType, data } = body as {
      readonly contentType: string;
      readonly data: Uint8Array<ArrayBuffer>;
    };
    const headers = {
      "content-type": contentType === "" ? "application/octet-stream" : contentType,
    };
    return new Response(data, { headers });
  }
}
