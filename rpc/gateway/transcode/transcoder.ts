/**
 * Answers requests of plain HTTP by calls.
 *
 * @module
 */

import { MethodNotAllowedError, NotFoundError } from "../../../rest/errors.ts";
import type { Handler } from "../../../rest/handler.ts";
import type { Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { TemplateTable } from "../template/template_table.ts";
import type { Binding } from "./binding.ts";
import { Endpoint } from "./endpoint.ts";

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
    const endpoint = new Endpoint(target, binding, this.#options);
    this.#table.add(binding.httpMethod, binding.template, endpoint);
  }

  /** Answers a request; throws what the server answers with 404 or 405 if nothing fits. */
  readonly handle: Handler = (request, context) => {
    const { path } = context;
    const match = this.#table.match(request.method, path) ??
      (request.method === "HEAD" ? this.#table.match("GET", path) : undefined);
    if (match) return match.value.answer(match.variables, context);
    const allowed = this.#table.allowed(path);
    if (allowed.length === 0) throw new NotFoundError(path);
    throw new MethodNotAllowedError(request.method, path, allowed);
  };
}
