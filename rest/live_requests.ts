/**
 * Requests that a forced stop has to end.
 *
 * @module
 */

/** What can be ended. */
export interface Abortable {
  /** Ends it. */
  abort(reason: unknown): void;
}

/** The place of a request among the others. */
export class LiveRequest {
  /** The request; the ring itself has none. */
  readonly request: Abortable | undefined;
  /** Its neighbours; itself when it stands alone. */
  before: LiveRequest = this;
  /** As {@link before}. */
  after: LiveRequest = this;

  /** Makes a place that stands alone. */
  constructor(request: Abortable | undefined) {
    this.request = request;
  }

  /** Leaves the others. */
  remove(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this.after = this;
  }
}

/**
 * The requests whose signal somebody holds. They are linked to one another: a place in a `Set` costs a request several times as
 * much, as that wants a hash of each.
 */
export class LiveRequests {
  readonly #ring = new LiveRequest(undefined);

  /** Adds a request, until it is removed from its place. */
  add(request: Abortable): LiveRequest {
    const place = new LiveRequest(request);
    const next = this.#ring.after;
    place.before = this.#ring;
    place.after = next;
    this.#ring.after = next.before = place;
    return place;
  }

  /** How many there are. */
  get size(): number {
    let count = 0;
    for (let place = this.#ring.after; place.request; place = place.after) count++;
    return count;
  }

  /** Ends all, and removes them. */
  abort(reason: unknown): void {
    for (let place = this.#ring.after; place.request; place = this.#ring.after) {
      place.remove();
      place.request.abort(reason);
    }
  }
}
