/**
 * A request that nobody but the network looks at.
 *
 * @module
 */

import type { Attempt, CallFacts } from "./attempt.ts";
import type { ClientRequest } from "./interceptor.ts";
import type { RequestBody } from "./request.ts";

/** A request whose `Headers` are made only when they are asked for: they cost as much as the rest of it. */
export class BareRequest implements ClientRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** The headers as `fetch` takes them. */
  readonly pairs: [string, string][];
  /** The body, if there is one. */
  readonly body: RequestBody | undefined;
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
  /** The pattern of the path. */
  readonly route: string;
  /** Which attempt it is. */
  readonly attempt: number;

  /** Takes what is sent from the call and where it goes from the attempt. */
  constructor(call: CallFacts, attempt: Attempt, signal: AbortSignal) {
    this.method = call.method;
    this.url = attempt.url;
    this.pairs = [...attempt.headers];
    this.body = call.payload.body;
    this.signal = signal;
    this.route = call.route;
    this.attempt = attempt.number;
  }

  /** The headers, new each time. */
  get headers(): Headers {
    return new Headers(this.pairs);
  }
}
