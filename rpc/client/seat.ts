/**
 * Places for calls at instances.
 *
 * @module
 */

import type { BreakerToken } from "../../core/breaker/breaker.ts";
import type { CircuitOpenError } from "../../core/breaker/errors.ts";
import { isNeutral } from "../../core/breaker/outcome.ts";
import { ServiceError } from "../../core/errors.ts";
import { isAcceptable } from "../acceptable.ts";
import type { BalancedNode, Pick } from "../balancer/balancer.ts";
import type { ClientCall } from "./client_call.ts";
import type { Instance } from "./instance.ts";
import type { InstanceSet } from "./instance_set.ts";

/** A place at one instance, until the outcome is told. */
export class Seat {
  /** Who takes the call. */
  readonly instance: Instance;
  readonly #pick: Pick<Instance>;
  readonly #token: BreakerToken | undefined;

  /** Takes the place. */
  constructor(pick: Pick<Instance>, token: BreakerToken | undefined) {
    this.instance = pick.node;
    this.#pick = pick;
    this.#token = token;
    this.instance.enter();
  }

  /** The first answer of a stream has come, or another. */
  answered(): void {
    this.#pick.answered?.();
  }

  /** The instance did its work. */
  succeed(): void {
    this.#accept();
    this.#pick.done(true);
    this.instance.leave();
  }

  /** The call failed, or was ended by `signal`. */
  fail(error: unknown, signal: AbortSignal | undefined): void {
    const fine = isAcceptable(error);
    if (isNeutral(error, signal)) this.#token?.[Symbol.dispose]();
    else if (fine) this.#accept();
    else {
      this.#token?.reject(error);
      this.instance.fail();
    }
    this.#pick.done(fine);
    this.instance.leave();
  }

  #accept(): void {
    this.#token?.accept();
    this.instance.recover();
  }
}

/**
 * Takes a place for a call. Instances that have to rest are passed over.
 *
 * @param avoid Instances that are taken only if there are no others.
 * @throws {ServiceError} With code `unavailable` if there is no instance.
 * @throws {CircuitOpenError} If all have to rest.
 */
export function takeSeat(
  instances: InstanceSet,
  call: ClientCall,
  avoid: ReadonlySet<BalancedNode> | undefined,
): Seat {
  const { hashKey } = call.options;
  let passed: Set<BalancedNode> | undefined;
  let refused: (() => CircuitOpenError) | undefined;
  for (;;) {
    const context = hashKey === undefined && !avoid && !passed
      ? undefined
      : { hashKey, avoid: passed ?? avoid };
    const pick = instances.pick(context);
    if (!pick) {
      throw new ServiceError("unavailable", `Cannot call ${call.target}: it has no instance`);
    }
    if (refused && passed?.has(pick.node)) {
      pick.done(undefined); // Nothing was asked of it.
      throw refused(); // There is no other.
    }
    const admission = pick.node.admit(call.method.path);
    if (typeof admission !== "function") {
      call.peer = pick.node.address;
      return new Seat(pick, admission);
    }
    pick.done(undefined);
    refused ??= admission;
    passed ??= new Set(avoid);
    passed.add(pick.node);
  }
}
