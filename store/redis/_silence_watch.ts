import type { Clock, Timer } from "../../core/clock.ts";

/** Looks so many times before it says that there is silence. */
const LOOKS = 3;

/**
 * Notices a connection on which answers are waited for and none comes: one whose other end has gone without a word is taken for
 * good by the system for many minutes.
 *
 * It looks every third of the time while there is something to wait for, so a command costs no timer of its own.
 */
export class SilenceWatch implements Disposable {
  readonly #periodMs: number;
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #pending = 0;
  #heard = 0;
  #heardBefore = 0;
  #silentLooks = 0;
  #timer: Timer | undefined;
  #disposed = false;

  /** `onSilence` is called after `silenceMs` without an answer, and up to a third more. */
  constructor(silenceMs: number, clock: Clock, onSilence: () => void) {
    this.#periodMs = silenceMs / LOOKS;
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** An answer is waited for. */
  begin(): void {
    this.#pending++;
    if (!this.#timer && this.#periodMs !== Infinity && !this.#disposed) this.#look();
  }

  /** It has come, or is waited for no more; gives it back. */
  readonly end = <T>(answer: T): T => {
    this.#pending--;
    this.#heard++;
    return answer;
  };

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    this.#silentLooks = 0;
    this.#heardBefore = this.#heard;
    this.#timer = this.#clock.setTimer(() => this.#check(), this.#periodMs);
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#pending === 0) return;
    const isSilent = this.#heard === this.#heardBefore;
    if (!isSilent) return this.#look();
    if (++this.#silentLooks < LOOKS) {
      this.#timer = this.#clock.setTimer(() => this.#check(), this.#periodMs);
      return;
    }
    this.#onSilence();
  }
}
