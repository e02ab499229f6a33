/**
 * Answers the requests of one binding.
 *
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { each, GatewayCall } from "../call/gateway_call.ts";
import { parseLooseTimeout } from "../call/timeout_header.ts";
import { Metadata } from "../../metadata.ts";
import { givesMany, type Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { Answerer } from "./answerer.ts";
import type { Binding } from "./binding.ts";
import { metadataOfHeaders } from "./metadata_headers.ts";
import { RequestReader } from "./request_reader.ts";

/** A method by one of its bindings: all that can be known before a request comes is looked up once. */
export class Endpoint {
  readonly #target: Target;
  readonly #reader: RequestReader;
  readonly #answerer: Answerer;
  readonly #options: GatewayRouteOptions;
  readonly #givesMany: boolean;

  /** Makes an endpoint. */
  constructor(target: Target, binding: Binding, options: GatewayRouteOptions) {
    this.#target = target;
    this.#reader = new RequestReader(target, binding);
    this.#answerer = new Answerer(target, binding, options.json ?? {});
    this.#options = options;
    this.#givesMany = givesMany(target.method);
  }

  /**
   * Makes the call that a request is, and answers with what comes of it.
   *
   * @param variables What the path has for the variables of the template.
   * @throws {ServiceError} If the request is no message.
   */
  async answer(variables: readonly string[], context: Context): Promise<Response> {
    const messages = await this.#reader.read(variables, context);
    const { request } = context;
    const metadata = metadataOfHeaders(request.headers);
    const more = this.#options.metadata?.(request, context);
    if (more) metadata.merge(new Metadata(more));
    const timeoutMs = parseLooseTimeout(request.headers.get("grpc-timeout"));
    const call = new GatewayCall(this.#target, context, { metadata, timeoutMs });
    try {
      return this.#givesMany
        ? this.#answerer.many(await call.many(each(messages)), call, context)
        : this.#answerer.single(await call.single(messages), call, context);
    } catch (thrown) {
      return this.#answerer.failed(thrown, call, context);
    }
  }
}
