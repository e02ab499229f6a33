import type { Clock, Timer } from "../clock.ts";

/** A resource of a pool. */
export interface Member<T> {
  readonly value: T;
  readonly createdMs: number;
  usedMs: number;
}

/** Options for {@link IdleStack}. */
export interface IdleStackOptions<T> {
  maxIdleMs: number;
  maxAgeMs: number;
  clock: Clock;
  /** Gets the members that have expired; they are out already. */
  onExpire(member: Member<T>): void;
}

/** Resources that nobody uses, the last used on top. A timer exists only while one of them can expire. */
export class IdleStack<T> {
  readonly #options: IdleStackOptions<T>;
  /** In the order in which they were last used. */
  readonly #members: Member<T>[] = [];
  #timer: Timer | undefined;
  #timerDueMs = Infinity;

  constructor(options: IdleStackOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#members.length;
  }

  isExpired(member: Member<T>): boolean {
    return this.#options.clock.now() > this.#expiresMs(member);
  }

  push(member: Member<T>): void {
    this.#members.push(member);
    const expiresMs = this.#expiresMs(member);
    if (expiresMs < this.#timerDueMs) this.#arm(expiresMs);
  }

  /** Takes the last used; those found to have expired are reported first. */
  pop(): Member<T> | undefined {
    let member = this.#members.pop();
    while (member && this.isExpired(member)) {
      this.#options.onExpire(member);
      member = this.#members.pop();
    }
    if (this.#members.length === 0) this.#disarm();
    return member;
  }

  #expiresMs({ createdMs, usedMs }: Member<T>): number {
    const { maxIdleMs, maxAgeMs } = this.#options;
    return Math.min(usedMs + maxIdleMs, createdMs + maxAgeMs);
  }

  #arm(dueMs: number): void {
    const { clock } = this.#options;
    this.#disarm();
    this.#timerDueMs = dueMs;
    // One ms late, for a member lives up to and including its last instant.
    this.#timer = clock.setTimer(() => this.#sweep(), dueMs - clock.now() + 1);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerDueMs = Infinity;
  }

  #sweep(): void {
    this.#disarm();
    const expired: Member<T>[] = [];
    for (const member of this.#members.splice(0)) {
      if (this.isExpired(member)) expired.push(member);
      else this.#members.push(member);
    }
    for (const member of expired) this.#options.onExpire(member);
    const next = Math.min(...this.#members.map((member) => this.#expiresMs(member)));
    if (next < Infinity) this.#arm(next);
  }
}
