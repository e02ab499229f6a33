/** The wall clock jumps by an hour, as it does when it is set; what is measured is measured by another. */
import { assert, assertEquals } from "@std/assert";
import { type Clock, systemClock } from "../../core/clock.ts";
import { TokenBucketLimiter } from "../../core/limit/token_bucket_limiter.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { json } from "../response/json.ts";
import { rateLimit } from "../security/rate_limit.ts";
import { Server } from "../server.ts";
import { KINDS } from "./testdata/target.ts";

/** Real time, with a wall clock that can be set. */
class SettableClock implements Clock {
  offsetMs = 0;
  now = () => systemClock.now();
  wallTime = () => systemClock.wallTime() + this.offsetMs;
  setTimer: Clock["setTimer"] = (...args) => systemClock.setTimer(...args);
  setInterval: Clock["setInterval"] = (...args) => systemClock.setInterval(...args);
  sleep: Clock["sleep"] = (...args) => systemClock.sleep(...args);
}

const HOUR_MS = 3_600_000;

for (const kind of KINDS) {
  for (const jumpMs of [HOUR_MS, -HOUR_MS]) {
    Deno.test(`listener of kind ${kind} does as before when the wall clock jumps by ${jumpMs / HOUR_MS} h`, async () => {
      const clock = new SettableClock();
      const log = new MemoryLog();
      const limiter = new TokenBucketLimiter({ ratePerSecond: 0.1, burst: 3, clock });
      const config = {
        Name: "jump",
        Host: "127.0.0.1",
        Port: 0,
        Timeout: 200,
        Listener: kind === "serve" ? { Kind: kind } : { Kind: kind, IdleTimeout: 5_000 },
      };
      await using server = new Server(config, { log, clock });
      server.get("/slow", async () => {
        await clock.sleep(50);
        return json("slow");
      });
      server.get("/stuck", () => new Promise<Response>(() => {}));
      server.get("/limited", () => json("ok"), {
        middleware: [rateLimit({ limiter, key: () => "all" })],
      });
      await server.start();
      const ask = async (path: string) => {
        const response = await fetch(`http://127.0.0.1:${server.address.port}${path}`);
        await response.body?.cancel();
        return response.status;
      };
      assertEquals(await ask("/limited"), 200);
      const [slow, stuck] = [ask("/slow"), ask("/stuck")];
      await clock.sleep(20);
      const started = clock.now();
      clock.offsetMs = jumpMs;
      assertEquals(await slow, 200);
      assertEquals(await stuck, 504);
      assert(clock.now() - started < 1_500, "the limit is met late");
      // Neither filled up by an hour nor emptied.
      const answers = [await ask("/limited"), await ask("/limited"), await ask("/limited")];
      assertEquals(answers, [200, 200, 429]);
      assertEquals(await ask("/slow"), 200);
    });
  }
}
