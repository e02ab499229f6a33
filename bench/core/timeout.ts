/**
 * Timeouts that are set and not needed, as nearly all are.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { Deadline, runWithDeadline, withTimeout } from "@zeno/zeno/core/timeout";
import { timeout, TimeoutStrategy } from "npm:cockatiel@4.0.0";
import pTimeout from "npm:p-timeout@8.0.0";
import { compare } from "./compare.ts";

const work = () => Promise.resolve(7);
const policy = timeout(3_000, TimeoutStrategy.Aggressive);
const day = new Deadline(86_400_000);

function withTimer<T>(fn: () => Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("late")), timeoutMs);
    fn().then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

// As in a service some call is always under way. If none were while the engine collects garbage, it would
// forget the shapes of all objects, and throw away the code that was compiled for them.
const never = () => new Promise<number>(() => {});
void withTimeout(({ signal }) => signal && never(), 86_400_000);
void timeout(86_400_000, TimeoutStrategy.Aggressive).execute(never);
void pTimeout(never(), { milliseconds: 86_400_000 });

await compare("Timeout of a call that succeeds at once", {
  "bare call": () => work(),
  "zeno withTimeout": () => withTimeout(work, 3_000),
  "zeno withTimeout, signal used": () => withTimeout(({ signal }) => signal && work(), 3_000),
  "zeno withTimeout in runWithDeadline": () => runWithDeadline(day, () => withTimeout(work, 3_000)),
  "cockatiel timeout": () => policy.execute(work),
  "p-timeout": () => pTimeout(work(), { milliseconds: 3_000 }),
  "setTimeout by hand": () => withTimer(work, 3_000),
}, { iterations: 30_000 });
Deno.exit(0); // The timers that a peer may have left are not waited for.
