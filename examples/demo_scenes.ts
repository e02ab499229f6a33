/**
 * The scenes of the demo: what can go wrong with a service, and what the chain makes of it.
 *
 * @module
 */

import { sleep } from "./demo_process.ts";
import type { Row } from "./demo_requests.ts";
import type { Answer, Shop } from "./demo_shop.ts";

/** One thing that goes wrong. */
export interface Scene {
  /** What goes wrong. */
  readonly title: string;
  /** Plays it; `say` tells what happens, the answer what was expected and seen. */
  play(shop: Shop, say: (line: string) => void): Promise<Row[]>;
}

const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

const row = (what: string, expected: string, seen: string, ok: boolean): Row => ({
  what,
  expected,
  seen,
  ok,
});

/** A number as people write it. */
const shown = (value: unknown) => Math.round(Number(value)).toString();
const percent = (part: number) => `${Math.round(part * 100)}%`;

const timeout: Scene = {
  title: "A report takes five seconds; its route has 200 ms",
  async play(shop, say) {
    const answers = await Promise.all([1, 2, 3].map(() => shop.ask("/report")));
    const { body: abandoned } = await shop.ask("/report/abandoned");
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    say(`3 requests: ${count(answers, 504)} were answered with 504, after ${shown(slowest)} ms`);
    say(`the work did not go on behind their backs: ${abandoned} of 3 reports were told to stop`);
    const seen = `${count(answers, 504)} x 504 in ${slowest < 1500 ? "time" : shown(slowest)}`;
    return [
      row("timeout", "3 x 504 in time", seen, seen === "3 x 504 in time"),
      row("work told to stop", "3", String(abandoned), abandoned === 3),
    ];
  },
};

const rateLimit: Scene = {
  title: "A client wants eight coupons at once; it may have five, then one a second",
  async play(shop, say) {
    const answers: Answer[] = [];
    for (let request = 0; request < 8; request++) answers.push(await shop.ask("/coupon"));
    const refused = answers.find(({ status }) => status === 429);
    say(`8 requests: ${count(answers, 200)} x 200, ${count(answers, 429)} x 429`);
    say(`"come again in ${refused?.retryAfter} s", says Retry-After; so the client waits`);
    await sleep(1000 * Number(refused?.retryAfter ?? 0));
    const again = await shop.ask("/coupon");
    say(`and is answered with ${again.status}`);
    const passed = count(answers, 200);
    // On a slow machine eight requests take long enough for one more coupon.
    const ok = passed >= 5 && passed <= 6 && passed + count(answers, 429) === 8;
    return [
      row("rate limit", "5 x 200, then 429", `${passed} x 200, then ${refused?.status}`, ok),
      row("after the wait", "200", String(again.status), again.status === 200),
    ];
  },
};

const breaker: Scene = {
  title: "A supplier goes down, and comes back",
  async play(shop, say) {
    await shop.ask("/supplier/down", "POST");
    const { body: before } = await shop.ask("/supplier/calls");
    const down: Answer[] = [];
    for (let request = 0; request < 200; request++) down.push(await shop.ask("/stock"));
    const { body: after } = await shop.ask("/supplier/calls");
    const calls = Number(after) - Number(before);
    say(
      `200 requests: ${count(down, 500)} x 500, then 503; the supplier was spared ${
        200 - calls
      } calls`,
    );
    const refused = down.findLast(({ decision }) => decision !== undefined);
    const why = await shop.explain(refused?.decision);
    say(
      `decision ${refused?.decision}: breaker "${why.name}" is ${why.state}, ${why.failed} of ` +
        `${Number(why.failed) + Number(why.accepted)} calls failed, so ${
          percent(Number(why.dropRatio))
        } are refused`,
    );
    const alert = shop.alerts.find((text) => text.includes("breaker"))?.split("\n")[2];
    if (alert !== undefined) say(`alert: ${alert}`);
    await shop.ask("/supplier/up", "POST");
    const recoveryMs = await recovery(shop);
    say(`the supplier is back: ${shown(recoveryMs)} ms later the breaker is closed`);
    const opened = count(down, 503) >= 50 && calls <= 100 && why.state === "open";
    return [
      row("breaker opens", "open", opened ? "open" : `${why.state}, ${calls} calls`, opened),
      row(
        "breaker closes",
        "within 8 s",
        recoveryMs <= 8000 ? "within 8 s" : "later",
        recoveryMs <= 8000,
      ),
    ];
  },
};

/** Milliseconds until fifty requests in a row are answered; of those it begins with the first. */
async function recovery(shop: Shop): Promise<number> {
  const beganMs = performance.now();
  let [good, goodSinceMs] = [0, beganMs];
  while (good < 50 && performance.now() - beganMs < 10_000) {
    const { status } = await shop.ask("/stock");
    if (status !== 200) good = 0;
    else if (good++ === 0) goodSinceMs = performance.now();
    await sleep(10);
  }
  return good < 50 ? Infinity : goodSinceMs - beganMs;
}

const LOAD_MS = 4000;

const overload: Scene = {
  title: "Three times as many pages are wanted as a processor can render",
  async play(shop, say) {
    const [pages, checkouts] = await Promise.all([
      shop.load("/page", 300, LOAD_MS),
      shop.load("/checkout", 10, LOAD_MS),
    ]);
    const served = count(pages, 200);
    const slowest = pages.filter(({ status }) => status === 200)
      .map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(served * 0.95)] ?? Infinity;
    say(
      `${pages.length} pages wanted: ${served} served, 95% of them within ${shown(slowest)} ms; ` +
        `${count(pages, 503)} refused at once`,
    );
    const paid = count(checkouts, 200);
    say(`${paid} of ${checkouts.length} checkouts served: that route is critical`);
    const refused = pages.findLast(({ decision }) => decision !== undefined);
    const why = await shop.explain(refused?.decision);
    say(
      `decision ${refused?.decision}: the pressure was ${
        shown(why.level)
      } of 1000, and from ${why.threshold} on ` +
        `pages are refused; the event loop was ${shown(why.lagMs)} ms late`,
    );
    await sleep(1500);
    const calm: Answer[] = [];
    for (let request = 0; request < 10; request++) calm.push(await shop.ask("/page"));
    say(`when the crowd has gone: ${count(calm, 200)} of 10 pages served`);
    const shed = count(pages, 503) > 0 && served > 0 && why.allowed === false;
    const critical = paid >= checkouts.length * 0.9;
    return [
      row("overload", "some are shed", shed ? "some are shed" : `${served} served`, shed),
      row("critical requests", "served", critical ? "served" : `${paid} served`, critical),
      row("after the overload", "10 x 200", `${count(calm, 200)} x 200`, count(calm, 200) === 10),
    ];
  },
};

/** The scenes, in order. */
export const SCENES: readonly Scene[] = [timeout, rateLimit, breaker, overload];
