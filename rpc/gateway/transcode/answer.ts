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
import { isJsonObject, type JsonValue } from "../../proto/json_value.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { GatewayCall } from "../call/gateway_call.ts";
import { detailedError } from "../call/status_facts.ts";
import type { Binding } from "./binding.ts";
import { type GatewayJsonOptions, messageJson } from "./message_json.ts";
import { addMetadataHeaders } from "./metadata_headers.ts";
import { HTTP_BODY } from "./request_messages.ts";

/** Makes answers of the messages of one call. */
export class Answerer {
  readonly #call: GatewayCall;
  readonly #binding: Binding;
  readonly #json: GatewayJsonOptions;

  /** Makes answers as a binding says. */
  constructor(call: GatewayCall, binding: Binding, json: GatewayJsonOptions) {
    this.#call = call;
    this.#binding = binding;
    this.#json = json;
  }

  /** The answer that is one message, in the envelope of the server if it has one. */
  single(message: object, context: Context): Response {
    const raw = this.#rawBody(message);
    const response = raw ? rawAnswer(raw) : respond(context, this.#valueOf(message));
    return this.#withMetadata(response);
  }

  /** The answer that is many messages, as events or as lines, as the client likes. */
  many(messages: AsyncIterable<object>, context: Context): Response {
    const wantsEvents = /\btext\/event-stream\b/i.test(context.request.headers.get("accept") ?? "");
    // What comes with the status comes too late for a header.
    const response = wantsEvents
      ? sse(context, this.#events(messages, context))
      : ndjson(context, this.#lines(messages, context));
    return this.#withMetadata(response);
  }

  /** The answer to a call that has failed. */
  failed(thrown: unknown, context: Context): Response {
    const { registry } = this.#call.target;
    return this.#withMetadata(
      problem(detailedError(thrown, this.#call.trailer, registry), context),
    );
  }

  async *#events(messages: AsyncIterable<object>, context: Context): AsyncGenerator<unknown> {
    try {
      for await (const message of messages) yield this.#valueOf(message);
    } catch (thrown) {
      yield new ServerSentEvent(await this.#failure(thrown, context), { event: "error" });
    }
  }

  async *#lines(messages: AsyncIterable<object>, context: Context): AsyncGenerator<unknown> {
    try {
      for await (const message of messages) yield this.#valueOf(message);
    } catch (thrown) {
      yield { error: await this.#failure(thrown, context) };
    }
  }

  /** What an answer with an error would say, for a stream that has begun. */
  async #failure(thrown: unknown, context: Context): Promise<unknown> {
    const { registry } = this.#call.target;
    const response = problem(detailedError(thrown, this.#call.trailer, registry), context);
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      return text; // A formatter of the user's own may write what it likes.
    }
  }

  /** The message, or the field of it that is to be answered. */
  #valueOf(message: object): JsonValue {
    const { method: { output }, registry } = this.#call.target;
    const json = messageJson(output, message, this.#json, registry);
    const field = this.#binding.responseBody;
    if (!field) return json;
    const name = this.#json.protoNames ? field.name : field.jsonName;
    return isJsonObject(json) ? json[name] ?? null : json;
  }

  #rawBody(message: object): HttpBodyMessage | undefined {
    const field = this.#binding.responseBody;
    const type = field ? field.type : this.#call.target.method.output;
    if (typeof type !== "object" || !isMessage(type) || type.typeName !== HTTP_BODY) {
      return undefined;
    }
    const value = field ? Reflect.get(message, field.key) : message;
    return (value ?? (type as MessageType<object>).create()) as HttpBodyMessage;
  }

  #withMetadata(response: Response): Response {
    const { header, trailer } = this.#call;
    if (!header?.size && !trailer?.size) return response;
    const answer = unsealed(response);
    addMetadataHeaders(answer.headers, this.#call);
    return answer;
  }
}

interface HttpBodyMessage {
  readonly contentType: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

function rawAnswer({ contentType, data }: HttpBodyMessage): Response {
  const type = contentType === "" ? "application/octet-stream" : contentType;
  return new Response(data, { headers: { "content-type": type } });
}
