/** A value's place in a {@link LinkedList}. */
export interface Link<T> {
  readonly value: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
  /** Whether the link is still in its list. */
  linked: boolean;
}

/**
 * A FIFO whose members can leave from the middle in constant time, as a waiter does that gives up.
 * A `Set` would do the same, but taking its first member skips all those removed before it.
 */
export class LinkedList<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): Link<T> {
    const link: Link<T> = { value, previous: this.#last, next: undefined, linked: true };
    if (this.#last) this.#last.next = link;
    else this.#first = link;
    this.#last = link;
    this.#size++;
    return link;
  }

  /** Takes the oldest member. The link is answered, for a value may be `undefined`. */
  shift(): Link<T> | undefined {
    const first = this.#first;
    if (first) this.remove(first);
    return first;
  }

  /** Takes a member out; false if it was out already. */
  remove(link: Link<T>): boolean {
    if (!link.linked) return false;
    const { previous, next } = link;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    link.linked = false;
    this.#size--;
    return true;
  }
}
