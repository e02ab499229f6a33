import { assert, assertEquals, assertThrows } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import {
  applyPushback,
  currentPreviousAttempts,
  formatPushback,
  isRetryFinal,
  markRetryFinal,
  parsePreviousAttempts,
  runWithPreviousAttempts,
} from "./chain.ts";
import { RetryError } from "./errors.ts";
import { retry } from "./retry.ts";
import { RetryBudget } from "./retry_budget.ts";

for (const text of ["", "-1", "1.5", " 1", "12345", "one"]) {
  Deno.test(`parsePreviousAttempts() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parsePreviousAttempts(text), SyntaxError, "need 1 to 4 digits");
  });
}

Deno.test("parsePreviousAttempts() reads a number, and 0 if there is none", () => {
  assertEquals([parsePreviousAttempts("2"), parsePreviousAttempts(null)], [2, 0]);
});

Deno.test("runWithPreviousAttempts() is seen within and no further", async () => {
  for (const wrong of [-1, 0.5, NaN]) {
    assertThrows(() => runWithPreviousAttempts(wrong, () => {}), RangeError, `got ${wrong}`);
  }
  const seen = await runWithPreviousAttempts(2, async () => {
    await Promise.resolve();
    return currentPreviousAttempts();
  });
  assertEquals([seen, currentPreviousAttempts()], [2, 0]);
});

const pushbacks = [
  { text: null, final: false },
  { text: "0", final: false },
  { text: "1500", final: false },
  { text: "-1", final: true },
  { text: "", final: true },
  { text: "soon", final: true },
];
for (const { text, final } of pushbacks) {
  Deno.test(`applyPushback() of ${JSON.stringify(text)} ${final ? "forbids" : "allows"} it`, () => {
    const error = new ServiceError("unavailable", "Cannot call: down");
    applyPushback(error, text);
    assertEquals([isRetryFinal(error), formatPushback(error)], [final, final ? "-1" : undefined]);
  });
}

Deno.test("markRetryFinal() takes anything that can be thrown", () => {
  for (const thrown of ["text", null, undefined, 7]) {
    markRetryFinal(thrown);
    assertEquals(isRetryFinal(thrown), false);
  }
  const frozen = Object.freeze(new Error("frozen"));
  markRetryFinal(frozen);
  assert(isRetryFinal(frozen) && isRetryFinal(new RetryError([frozen], "attempts")));
});

interface Headers {
  readonly previousAttempts?: string;
}

/** A chain of services on one clock that know of each other only what crosses the wire. */
class Chain {
  leafCalls = 0;
  readonly #clock: FakeClock;
  readonly #budgets: (RetryBudget | undefined)[];
  readonly #protected: boolean;

  constructor(clock: FakeClock, tiers: number, isProtected: boolean) {
    this.#clock = clock;
    this.#protected = isProtected;
    this.#budgets = Array.from(
      { length: tiers },
      () => isProtected ? new RetryBudget({ clock }) : undefined,
    );
  }

  /** What tier `tier` does for a request: it calls the next one. The leaf always fails. */
  serve(tier: number, headers: Headers = {}): Promise<never> {
    if (tier === this.#budgets.length) return this.#leaf();
    const work = () =>
      retry(() => this.#call(tier + 1), {
        idempotent: true,
        attempts: 3,
        chainStop: this.#protected,
        budget: this.#budgets[tier],
        clock: this.#clock,
      });
    return runWithPreviousAttempts(parsePreviousAttempts(headers.previousAttempts ?? null), work);
  }

  async #call(tier: number): Promise<never> {
    const previousAttempts = String(currentPreviousAttempts());
    await this.#clock.sleep(1);
    // Over the wire an error is a code, a text and a header, not an object.
    const thrown = await this.serve(tier, { previousAttempts }).catch((error) => error);
    const { code, message } = ServiceError.from(thrown);
    const received = new ServiceError(code, message);
    if (this.#protected) applyPushback(received, formatPushback(thrown) ?? null);
    throw received;
  }

  #leaf(): Promise<never> {
    this.leafCalls++;
    return Promise.reject(new ServiceError("unavailable", "Cannot serve: down"));
  }
}

const chains = [
  {
    name: "with budgets and chain stop, at most 1.2 times",
    isProtected: true,
    most: 1.2,
    least: 1,
  },
  { name: "with neither, 81 times", isProtected: false, most: 81, least: 81 },
];
for (const { name, isProtected, most, least } of chains) {
  Deno.test(`retry() in a chain of four tiers above a leaf that is down calls it ${name}`, async () => {
    const clock = new FakeClock();
    const chain = new Chain(clock, 4, isProtected);
    const clientCalls = isProtected ? 2_000 : 5;
    const outcomes: Promise<unknown>[] = [];
    for (let call = 0; call < clientCalls; call++) {
      outcomes.push(chain.serve(0).catch(() => {}));
      await clock.advance(10);
    }
    await clock.advance(isProtected ? 5_000 : 60_000);
    await Promise.all(outcomes);
    const ratio = chain.leafCalls / clientCalls;
    console.log(`the leaf saw ${ratio} times the calls of the client`);
    assert(ratio >= least && ratio <= most, `ratio ${ratio}`);
  });
}
