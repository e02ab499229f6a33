/**
 * Answers requests of plain HTTP by calls.
 *
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { MethodNotAllowedError, NotFoundError } from "../../../rest/errors.ts";
import type { Handler } from "../../../rest/handler.ts";
import { Metadata } from "../../metadata.ts";
import { each, GatewayCall } from "../call/gateway_call.ts";
import { parseLooseTimeout } from "../call/timeout_header.ts";
import { givesMany, type Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { TemplateTable } from "../template/template_table.ts";
import { Answerer } from "./answer.ts";
import type { Binding } from "./binding.ts";
import { metadataOfHeaders } from "./metadata_headers.ts";
import { type PathValues, requestMessages } from "./request_messages.ts";

/** What answers the requests of one binding. */
interface Endpoint {
  readonly target: Target;
  readonly binding: Binding;
}

/**
 * Knows all bindings of a gateway and answers what fits one. Whatever route a request came by, its path is looked up here,
 * so that of two templates the one that says more wins.
 */
export class Transcoder {
  readonly #options: GatewayRouteOptions;
  readonly #table = new TemplateTable<Endpoint>();

  /** Makes a transcoder without bindings. */
  constructor(options: GatewayRouteOptions) {
    this.#options = options;
  }

  /**
   * Adds a binding of a method.
   *
   * @throws {TypeError} If another takes the same paths.
   */
  add(target: Target, binding: Binding): void {
    this.#table.add(binding.httpMethod, binding.template, { target, binding });
  }

  /** Answers a request; throws what the server answers with 404 or 405 if nothing fits. */
  readonly handle: Handler = (request, context) => {
    const { path } = context;
    const match = this.#table.match(request.method, path) ??
      (request.method === "HEAD" ? this.#table.match("GET", path) : undefined);
    if (match) return this.#answer(match.value, match.variables, context);
    const allowed = this.#table.allowed(path);
    if (allowed.length === 0) throw new NotFoundError(path);
    throw new MethodNotAllowedError(request.method, path, allowed);
  };

  async #answer(
    { target, binding }: Endpoint,
    pathValues: PathValues,
    context: Context,
  ): Promise<Response> {
    const { request } = context;
    const messages = await requestMessages(target, binding, pathValues, context);
    const metadata = metadataOfHeaders(request.headers);
    const more = this.#options.metadata?.(request, context);
    if (more) metadata.merge(new Metadata(more));
    const timeoutMs = parseLooseTimeout(request.headers.get("grpc-timeout"));
    const call = new GatewayCall(target, context, { metadata, timeoutMs });
    const answerer = new Answerer(call, binding, this.#options.json ?? {});
    try {
      if (!givesMany(target.method)) return answerer.single(await call.single(messages), context);
      return answerer.many(await call.many(each(messages)), context);
    } catch (thrown) {
      return answerer.failed(thrown, context);
    }
  }
}
