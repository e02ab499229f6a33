/**
 * From a call to the instance that takes it.
 *
 * @module
 */

import type { BreakerToken } from "../../core/breaker/breaker.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { isNeutral } from "../../core/breaker/outcome.ts";
import { ServiceError } from "../../core/errors.ts";
import { currentPreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../core/retry/chain.ts";
import { isAcceptable } from "../acceptable.ts";
import type { BalancedNode, Pick } from "../balancer/balancer.ts";
import type { OutgoingCall } from "../transport/transport.ts";
import { watchStream } from "../watched_stream.ts";
import type { ClientCall } from "./client_call.ts";
import type { Instance } from "./instance.ts";
import type { InstanceSet } from "./instance_set.ts";

/** A place at one instance, until the outcome is told. */
class Seat {
  readonly instance: Instance;
  readonly #pick: Pick<Instance>;
  readonly #token: BreakerToken | undefined;

  constructor(pick: Pick<Instance>, token: BreakerToken | undefined) {
    this.instance = pick.node;
    this.#pick = pick;
    this.#token = token;
    this.instance.enter();
  }

  /** The instance did its work. */
  succeed(): void {
    this.#token?.accept();
    this.#pick.done(true);
    this.instance.leave();
  }

  /** The call failed. */
  fail(error: unknown, signal: AbortSignal | undefined): void {
    const fine = isAcceptable(error);
    if (isNeutral(error, signal)) this.#token?.[Symbol.dispose]();
    else if (fine) this.#token?.accept();
    else this.#token?.reject(error);
    this.#pick.done(fine);
    this.instance.leave();
  }
}

/** Gives calls to the instances of one service. */
export class Channel {
  readonly #instances: InstanceSet;
  readonly #target: string;

  /** Makes a channel to the instances of what is called `target`. */
  constructor(instances: InstanceSet, target: string) {
    this.#instances = instances;
    this.#target = target;
  }

  /**
   * Makes one attempt of a call of one message.
   *
   * @param avoid Instances that failed earlier attempts; the one that is taken is added.
   */
  unary(
    request: unknown,
    call: ClientCall,
    signal: AbortSignal | undefined,
    avoid: Set<BalancedNode> | undefined,
  ): Promise<unknown> {
    if (!this.#instances.isKnown) {
      return this.#known(call).then(() => this.#unary(request, call, signal, avoid));
    }
    return this.#unary(request, call, signal, avoid);
  }

  /** Makes a call of streams. */
  stream(requests: AsyncIterable<unknown>, call: ClientCall): AsyncIterable<unknown> {
    let seat: Seat | undefined;
    const begin = () => {
      seat = this.#take(call, undefined);
      return seat.instance.connection.stream(call.method, requests, outgoing(call, call.signal));
    };
    const whenKnown = async function* (this: Channel) {
      await this.#known(call);
      yield* begin();
    };
    return watchStream(
      () => this.#instances.isKnown ? begin() : whenKnown.call(this),
      (end) => {
        // A reader that leaves has got what it wanted.
        if (end.kind === "failed") seat?.fail(end.error, call.signal);
        else seat?.succeed();
        return undefined;
      },
    );
  }

  async #unary(
    request: unknown,
    call: ClientCall,
    signal: AbortSignal | undefined,
    avoid: Set<BalancedNode> | undefined,
  ): Promise<unknown> {
    const seat = this.#take(call, avoid);
    avoid?.add(seat.instance);
    try {
      const { connection } = seat.instance;
      const answer = await connection.unary(call.method, request, outgoing(call, signal));
      seat.succeed();
      return answer;
    } catch (error) {
      seat.fail(error, signal);
      throw error;
    }
  }

  /** Takes a place. Instances whose breaker refuses are passed over. */
  #take(call: ClientCall, avoid: ReadonlySet<BalancedNode> | undefined): Seat {
    const { hashKey } = call.options;
    let passed: Set<BalancedNode> | undefined;
    let refused: CircuitOpenError | undefined;
    for (;;) {
      const pick = this.#instances.pick(
        hashKey === undefined && !avoid && !passed
          ? undefined
          : { hashKey, avoid: passed ?? avoid },
      );
      if (!pick) {
        throw new ServiceError("unavailable", `Cannot call ${this.#target}: it has no instance`);
      }
      if (passed?.has(pick.node)) {
        pick.done(undefined); // Nothing was asked of it.
        throw refused; // There is no other.
      }
      try {
        const token = pick.node.breaker(call.method.path)?.allow();
        call.peer = pick.node.address;
        return new Seat(pick, token);
      } catch (error) {
        pick.done(undefined); // Nothing was asked of it.
        if (!(error instanceof CircuitOpenError)) throw error;
        refused ??= error;
        passed ??= new Set(avoid);
        passed.add(pick.node);
      }
    }
  }

  /** Resolves when an instance is known, but no later than the call must end. */
  async #known(call: ClientCall): Promise<void> {
    const { deadline, signal } = call;
    signal?.throwIfAborted();
    const known = () => this.#instances.resolved();
    await (deadline ? deadline.run(known) : known());
  }
}

function outgoing(call: ClientCall, signal: AbortSignal | undefined): OutgoingCall {
  const previous = currentPreviousAttempts();
  if (previous > 0) call.metadata.set(PREVIOUS_ATTEMPTS_HEADER, String(previous));
  const { waitForReady, onHeader, onTrailer } = call.options;
  return {
    metadata: call.sentMetadata,
    deadline: call.deadline,
    signal,
    waitForReady,
    onHeader,
    onTrailer,
  };
}
