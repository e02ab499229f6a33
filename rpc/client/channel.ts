/**
 * From a call to the instance that takes it.
 *
 * @module
 */

import { currentPreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../core/retry/chain.ts";
import type { BalancedNode } from "../balancer/balancer.ts";
import type { OutgoingCall } from "../transport/transport.ts";
import { isUnsent } from "../transport/unsent.ts";
import { watchStream } from "../watched_stream.ts";
import type { ClientCall } from "./client_call.ts";
import type { InstanceSet } from "./instance_set.ts";
import { lateStream } from "./late_stream.ts";
import { type Seat, takeSeat } from "./seat.ts";

/** Gives calls to the instances of one service. */
export class Channel {
  readonly #instances: InstanceSet;

  /** Makes a channel to instances. */
  constructor(instances: InstanceSet) {
    this.#instances = instances;
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
    if (!this.#instances.canTake(call.options.waitForReady)) {
      return this.#whenTaking(call, signal).then(() => this.#unary(request, call, signal, avoid));
    }
    return this.#unary(request, call, signal, avoid);
  }

  /** Makes a call of streams. */
  stream(requests: AsyncIterable<unknown>, call: ClientCall): AsyncIterable<unknown> {
    return { [Symbol.asyncIterator]: () => this.#stream(requests, call) };
  }

  #stream(requests: AsyncIterable<unknown>, call: ClientCall): AsyncIterator<unknown> {
    const { method, signal, options } = call;
    let seat: Seat | undefined;
    const begin = () => {
      seat = takeSeat(this.#instances, call, undefined);
      return seat.instance.connection.stream(method, requests, outgoing(call, signal));
    };
    const ready = (left: AbortSignal) =>
      this.#whenTaking(call, signal ? AbortSignal.any([signal, left]) : left);
    const answers = watchStream(
      () => this.#instances.canTake(options.waitForReady) ? begin() : lateStream(ready, begin),
      (end) => {
        // A reader that leaves has got what it wanted.
        if (end.kind === "failed") seat?.fail(end.error, signal);
        else seat?.succeed();
        return undefined;
      },
      () => seat?.answered(),
    );
    return answers[Symbol.asyncIterator]();
  }

  async #unary(
    request: unknown,
    call: ClientCall,
    signal: AbortSignal | undefined,
    avoid: Set<BalancedNode> | undefined,
  ): Promise<unknown> {
    const tried = avoid ?? new Set();
    for (;;) {
      const seat = takeSeat(this.#instances, call, avoid);
      tried.add(seat.instance);
      try {
        const { connection } = seat.instance;
        const answer = await connection.unary(call.method, request, outgoing(call, signal));
        seat.succeed();
        return answer;
      } catch (error) {
        seat.fail(error, signal);
        // What has not been sent may be given to another, whatever it does: the connection has gone in this moment.
        if (!isUnsent(error) || !this.#instances.hasReady(tried)) throw error;
      }
      avoid = tried;
    }
  }

  /** Resolves when there is an instance to call, but no later than the call must end. */
  async #whenTaking(call: ClientCall, signal: AbortSignal | undefined): Promise<void> {
    const { deadline, options: { waitForReady } } = call;
    const taking = (ended: AbortSignal | undefined) =>
      this.#instances.whenTaking(waitForReady, ended);
    if (!deadline) return await taking(signal);
    await deadline.run(({ signal: late }) =>
      taking(signal ? AbortSignal.any([signal, late]) : late)
    );
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
