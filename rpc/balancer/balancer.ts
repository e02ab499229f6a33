/**
 * Choosing who takes a call.
 *
 * @module
 */

/** Somebody who can take calls. */
export interface BalancedNode {
  /** Tells nodes apart; what is known of a node is known of its address. */
  readonly address: string;
}

/** What is known of a call before it is made. */
export interface PickContext {
  /** Calls with one key go to one node, where the balancer cares. */
  readonly hashKey?: string | undefined;
  /** Nodes that are taken only if there are no others, such as those that have failed this call before. */
  readonly avoid?: ReadonlySet<BalancedNode> | undefined;
}

/** A node that has been chosen for a call. */
export interface Pick<N extends BalancedNode> {
  /** Who takes the call. */
  readonly node: N;
  /**
   * Says that the first answer of a stream has come: what the call takes from here on is no measure of the node, which may
   * be a stream of days. A second time does nothing.
   */
  answered?(): void;
  /**
   * Has to be called when the call has ended, however it did; a second time does nothing.
   *
   * @param succeeded Whether the node did what is expected of one. A refusal for good reason, such as `not_found`, is
   * a success; `unavailable` is none. `undefined` says that the call was not made after all, and nothing is learned.
   */
  done(succeeded: boolean | undefined): void;
}

/** Chooses among nodes. */
export interface Balancer<N extends BalancedNode> {
  /** Replaces the nodes: those that can take calls now. What is known of those that stay, or come back, is kept. */
  update(nodes: readonly N[]): void;
  /**
   * Chooses a node for a call; `undefined` if there is none.
   *
   * @throws {ServiceError} With code `invalid_argument` if the balancer needs a `hashKey` and there is none.
   */
  pick(context?: PickContext): Pick<N> | undefined;
}
