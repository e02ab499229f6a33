/**
 * One call: as many attempts as it takes and may take, within one deadline.
 *
 * @module
 */

import { hedge } from "../../core/retry/hedge.ts";
import { markRetryFinal } from "../../core/retry/chain.ts";
import { RetryError } from "../../core/retry/errors.ts";
import { retry } from "../../core/retry/retry.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { runWithSpan } from "../../core/trace/active_tracer.ts";
import { Attempt, type CallFacts } from "./attempt.ts";
import { BareRequest } from "./bare_request.ts";
import type { ClientCore } from "./client_core.ts";
import type { Endpoint } from "./endpoint.ts";
import { Line } from "./line.ts";
import { NetworkError } from "./errors.ts";
import { networkErrorOf } from "./network_error.ts";
import { readHttpError } from "./http_error.ts";
import { type ClientRequest, intercept, type Send } from "./interceptor.ts";
import type { CallOptions } from "./options.ts";
import { isRetryable } from "./outcome.ts";
import { sendFollowing } from "./redirect.ts";

/** What {@link exchange} is told beside the call. */
export interface ExchangeOptions extends CallOptions {
  /** Whether the call may be carried out twice, as its route says. */
  readonly idempotent: boolean;
}

/** The part of an answer that goes on after the call: the deadline, and the connection. */
export interface Connection {
  /** Keeps the call's deadline in force until {@link release}. */
  hold(): void;
  /** Lets the connection outlive the deadline, and ties it to `signal` until {@link release}. */
  detach(signal: AbortSignal | undefined): void;
  /** Lets go of the deadline, and closes the connection unless the answer is `complete`. */
  release(complete: boolean): void;
}

/** Makes something of an answer, as part of the attempt: what it throws may be retried. */
export type Consume<T> = (response: Response, connection: Connection) => T | Promise<T>;

/** Makes a call and answers with what `consume` makes of its response. */
export async function exchange<T>(
  core: ClientCore,
  call: CallFacts,
  options: ExchangeOptions,
  consume: Consume<T>,
): Promise<T> {
  using run = new Exchange(core, call, options, consume);
  return await run.run();
}

class Exchange<T> implements Disposable {
  readonly #core: ClientCore;
  readonly #call: CallFacts;
  readonly #options: ExchangeOptions;
  readonly #consume: Consume<T>;
  readonly #deadline: Deadline;
  readonly #send: Send;
  /** Addresses that have failed this call, or are at it. */
  readonly #tried = new Set<Endpoint>();
  #held = false;

  constructor(
    core: ClientCore,
    call: CallFacts,
    options: ExchangeOptions,
    consume: Consume<T>,
  ) {
    this.#core = core;
    this.#call = call;
    this.#options = options;
    this.#consume = consume;
    const timeoutMs = options.timeoutMs ?? core.options.timeoutMs ?? 3_000;
    if (!(timeoutMs > 0)) {
      throw new RangeError(`Cannot limit call: need timeoutMs > 0, got ${timeoutMs}`);
    }
    const { signal } = options;
    const { deadlines } = core;
    this.#deadline = new Deadline(timeoutMs, { parent: currentDeadline(), signal, deadlines });
    this.#send = intercept(core.options.interceptors ?? [], (request) => this.#follow(request));
  }

  async run(): Promise<T> {
    const { idempotent, retry: own, signal } = this.#options;
    const { clock, random, retryBudget, options } = this.#core;
    const asked = own ?? options.retry ?? {};
    const { attempts = 3, budget = retryBudget, ...waits } = asked || { attempts: 1 };
    try {
      return await retry((attempt) => this.#hedged(attempt), {
        ...waits,
        attempts,
        budget,
        idempotent,
        // What was never sent can be sent again, whatever it does.
        retryable: idempotent
          ? isRetryable
          : (error) => error instanceof NetworkError && !error.sent,
        deadline: this.#deadline,
        clock,
        random,
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw lastOf(error);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#held) this.#deadline[Symbol.dispose]();
  }

  #hedged(attempt: { number: number; deadline: Deadline; signal: AbortSignal }): Promise<T> {
    const { hedge: own, idempotent } = this.#options;
    const asked = own ?? this.#core.options.hedge;
    const { number, deadline, signal } = attempt;
    if (!asked || !idempotent) return this.#once(number, deadline, signal);
    const { clock, hedgeBudget } = this.#core;
    return hedge(
      (twin) => this.#once(number + twin.number - 1, deadline, twin.signal),
      { delayMs: asked.delayMs, budget: asked.budget ?? hedgeBudget, signal, clock },
    );
  }

  async #once(number: number, deadline: Deadline, signal: AbortSignal): Promise<T> {
    const { endpoints } = this.#core;
    const pending = endpoints.ready(signal);
    if (pending) await pending;
    const attempt = new Attempt(this.#core, this.#call, { number, deadline, avoid: this.#tried });
    this.#tried.add(attempt.endpoint);
    const line = new Line(this.#core.live, signal, (reason) => attempt.fail(reason));
    try {
      const response = await runWithSpan(
        attempt.span,
        () => this.#send(this.#request(attempt, line.signal)),
      );
      const value = await this.#look(response, line);
      attempt.succeed(response.status);
      return value;
    } catch (error) {
      const failure = line.ended ? line.ended.reason : error;
      attempt.fail(failure);
      line.close(false); // Whatever is left of an answer that nobody has read.
      throw failure;
    } finally {
      line.letGo();
    }
  }

  #request(attempt: Attempt, signal: AbortSignal): ClientRequest {
    const bare = new BareRequest(this.#call, attempt, signal);
    if (!this.#core.options.interceptors?.length) return bare;
    // Interceptors may copy it, and a copy has no getters.
    const { method, url, headers, body, route } = bare;
    return { method, url, headers, body, signal, route, attempt: attempt.number };
  }

  async #look(response: Response, line: Line): Promise<T> {
    const { acceptStatus = (status: number) => status < 400 } = this.#options;
    const target = this.#call;
    if (!acceptStatus(response.status)) {
      throw await readHttpError(response, target, this.#core.clock.wallTime());
    }
    return await this.#consume(response, {
      hold: () => {
        this.#held = true;
        line.keep(this.#deadline.signal);
      },
      detach: (signal) => line.keep(signal),
      release: (complete) => {
        line.close(complete);
        this.#deadline[Symbol.dispose]();
      },
    });
  }

  #follow(request: ClientRequest): Promise<Response> {
    const { options, maxRedirects } = this.#core;
    const mode = this.#options.redirect ?? options.redirect ?? "follow";
    return sendFollowing(
      request,
      (each) => this.#transmit(each),
      { mode, maxRedirects },
      this.#call,
    );
  }

  async #transmit(request: ClientRequest): Promise<Response> {
    const { method, url, body, signal } = request;
    const headers = request instanceof BareRequest ? request.pairs : request.headers;
    try {
      return await this.#core.transport.fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal,
        redirect: "manual",
      }, { once: !this.#options.idempotent });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw networkErrorOf(error, this.#call);
    }
  }
}

/** The last failure of several, marked so that nobody above makes the call again. */
function lastOf(error: unknown): unknown {
  if (!(error instanceof RetryError)) return error;
  const last = error.errors.at(-1);
  markRetryFinal(last);
  return last;
}
