import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { ConcurrencyLimitError, QueueFullError, RateLimitError } from "./errors.ts";
import { TokenBucketLimiter } from "./token_bucket_limiter.ts";

const refusals = [
  {
    name: "in half a second",
    cost: 1,
    says: "over the limit of 1, try again in 500 ms",
    after: 500,
  },
  { name: "never", cost: 2, says: "it asks for more than there ever is", after: undefined },
];
for (const { name, cost, says, after } of refusals) {
  Deno.test(`RateLimitError of a call that can be made ${name} answers 429 and says when`, () => {
    const clock = new FakeClock();
    const limiter = new TokenBucketLimiter({ ratePerSecond: 2, burst: 1, clock });
    limiter.take("a");
    const decision = limiter.take("a", { cost });
    const error = new RateLimitError(decision);
    assertStringIncludes(error.message, says);
    assertEquals([error.code, error.httpStatus, error.name, error.retryAfterMs], [
      "resource_exhausted",
      429,
      "RateLimitError",
      after,
    ]);
    assertEquals(error.decision, decision);
  });
}

for (const error of [new QueueFullError(3), new ConcurrencyLimitError(3)]) {
  Deno.test(`${error.name} answers 503 and names the bound`, () => {
    assertEquals([error.code, error.httpStatus], ["resource_exhausted", 503]);
    assertStringIncludes(error.message, " 3 ");
  });
}
