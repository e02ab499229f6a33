/**
 * What all kinds of call go through.
 *
 * @module
 */

import type { CallFacts } from "./attempt.ts";
import type { ClientCore } from "./client_core.ts";
import { type Consume, exchange } from "./exchange.ts";
import { checkedHeaders } from "./header_pairs.ts";
import type { CallOptions } from "./options.ts";
import { MAX_RESPONSE_BYTES } from "./parse_response.ts";
import { PathTemplate } from "./path_template.ts";
import { type Payload, payloadOf, type PlainParts, plainPayload } from "./request.ts";
import { type ClientRoute, isIdempotentMethod } from "./route.ts";

/** A program has as many routes as its source says; more come from paths that were put together. */
const MAX_TEMPLATES = 1_000;

/** Makes requests of values and sends them. */
export class Caller {
  readonly #core: ClientCore;
  readonly #templates = new Map<string, PathTemplate>();

  /** Makes a caller for one client. */
  constructor(core: ClientCore) {
    this.#core = core;
  }

  /** The request of a route with a value. */
  ofRoute<Req, Res>(
    route: ClientRoute<Req, Res>,
    value: Req,
    headers: HeadersInit | undefined,
  ): CallFacts {
    const template = this.#template(route.method, route.path);
    const payload: Payload = route.request
      ? payloadOf(template, route.request, value)
      : plainPayload(template, {});
    return this.#facts(template, payload, headers);
  }

  /** The request of parts. */
  ofParts(method: string, path: string, parts: PlainParts): CallFacts {
    const template = this.#template(method, path);
    return this.#facts(template, plainPayload(template, parts), undefined);
  }

  /** Sends a request as often as it may be, and answers with what `consume` makes of the answer. */
  send<T>(
    facts: CallFacts,
    options: CallOptions,
    idempotent: boolean | undefined,
    consume: Consume<T>,
  ): Promise<T> {
    // A stream is gone after the first attempt.
    const once = facts.payload.body instanceof ReadableStream;
    return exchange(this.#core, facts, {
      ...options,
      ...(once ? { retry: false, hedge: false } : {}),
      idempotent: options.idempotent ?? idempotent ?? isIdempotentMethod(facts.method),
    }, consume);
  }

  /** The most bytes of an answer. */
  maxBytes({ maxResponseBytes }: CallOptions): number {
    return maxResponseBytes ?? this.#core.options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  }

  #facts(template: PathTemplate, payload: Payload, headers: HeadersInit | undefined): CallFacts {
    const { method, route } = template;
    const { service } = this.#core;
    return { method, route, service, payload, headers: checkedHeaders(headers) };
  }

  #template(method: string, path: string): PathTemplate {
    const key = `${method} ${path}`;
    const known = this.#templates.get(key);
    if (known) return known;
    const template = new PathTemplate(method, path);
    if (this.#templates.size >= MAX_TEMPLATES) this.#templates.clear();
    this.#templates.set(key, template);
    return template;
  }
}
