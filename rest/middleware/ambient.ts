/**
 * What a handler works for, for all that it calls.
 *
 * @module
 */

import { runAmbient } from "../../core/ambient.ts";
import { LazyAmbient } from "../../core/lazy_ambient.ts";
import type { Middleware } from "../handler.ts";

/**
 * Makes the trace, the deadline and the number of the attempt of a request those of all that its handler calls, so that clients pass them on without
 * being told.
 *
 * To enter a context costs about as much as a fifth of a bare request. A handler that has answered so many requests
 * without waiting calls nobody, so for its route that is left out, until it first waits.
 */
export function ambientContext(): Middleware {
  return (next) => {
    const habit = new Habit();
    return (request, context) => {
      if (!habit.waits) {
        const result = next(request, context);
        habit.note(result instanceof Promise);
        return result;
      }
      const scope = new LazyAmbient(context);
      const result = runAmbient(scope, () => next(request, context));
      habit.note(result instanceof Promise);
      context.onFinish(() => scope.letGo());
      return result;
    };
  };
}

/** Answers in a row after which a handler is taken for one that does not wait. */
const PROOF = 100;

/** Whether a handler waits before it answers. */
class Habit {
  #quickAnswers = 0;

  /** True at first, and for ever once it has. */
  get waits(): boolean {
    return this.#quickAnswers < PROOF;
  }

  note(waited: boolean): void {
    if (waited) this.#quickAnswers = -Infinity;
    else this.#quickAnswers++;
  }
}
