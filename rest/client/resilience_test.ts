import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import {
  currentPreviousAttempts,
  isRetryFinal,
  runWithPreviousAttempts,
} from "../../core/retry/chain.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { runWithDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { HttpError, NetworkError } from "./errors.ts";
import { HttpClient } from "./http_client.ts";
import type { HttpClientOptions } from "./options.ts";
import { StaticResolver } from "./resolver.ts";
import type { Fetch } from "./transport.ts";

/** A sequence of numbers in [0, 1) that is the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** A client on virtual time. */
function onClock(fetch: Fetch, options: Partial<HttpClientOptions> = {}) {
  const clock = new FakeClock();
  const client = new HttpClient({
    ...(options.target ? {} : { baseUrl: "http://callee" }),
    metrics: false,
    clock,
    random: seeded(7),
    fetch,
    ...options,
  });
  return { clock, client };
}

/** Runs until `promise` settles, in steps of `stepMs`. */
async function settle<T>(clock: FakeClock, promise: Promise<T>, stepMs = 10): Promise<T | Error> {
  let result: { value: T | Error } | undefined;
  promise.then((value) => result = { value }, (error) => result = { value: error });
  while (!result) await clock.advance(stepMs);
  return result.value;
}

const ok = () => Promise.resolve(new Response("ok"));
const status = (code: number, headers?: HeadersInit) => () =>
  Promise.resolve(new Response(null, { status: code, headers }));

Deno.test("HttpClient's budget holds in a storm of 503: attempts stay within a tenth and the floor", async () => {
  let attempts = 0;
  const fetch = () => {
    attempts++;
    return status(503)();
  };
  const { clock, client } = onClock(fetch, { breakers: false });
  await using _ = client;
  const calls = 2_000;
  const startedAtMs = clock.now();
  for (let call = 0; call < calls; call++) {
    const error = await settle(clock, client.get("/x"));
    assert(error instanceof HttpError && error.status === 503, String(error));
  }
  const seconds = (clock.now() - startedAtMs) / 1_000;
  assert(attempts <= 1.1 * calls + 3 * seconds + 3, `${attempts} attempts in ${seconds} s`);
  assert(attempts > 1.05 * calls, `${attempts} attempts: nothing was retried`);
});

Deno.test("HttpClient's breaker opens for the route that fails, and lets calls through again", async () => {
  let down = true;
  let arrived = 0;
  const fetch: Fetch = (url) => {
    if (!url.endsWith("/bad")) return ok();
    arrived++;
    return down ? status(500)() : ok();
  };
  const { clock, client } = onClock(fetch, { retry: false });
  await using _ = client;
  const call = async (path: string) => {
    await clock.advance(10);
    return await client.get(path).then(() => "ok", (error: Error) => error.name);
  };
  for (let i = 0; i < 300; i++) await call("/bad");
  assert(arrived < 60, `${arrived} of 300 calls got through`);
  assertEquals(await call("/good"), "ok"); // Breakers are by route.
  const refused = await client.get("/bad").catch((error) => error);
  assert(refused instanceof CircuitOpenError || refused instanceof HttpError);
  assertEquals(client.explain().map(({ name }) => name), ["callee GET /bad", "callee GET /good"]);
  down = false;
  for (let i = 0; i < 500; i++) await call("/bad");
  const after = [];
  for (let i = 0; i < 100; i++) after.push(await call("/bad"));
  assertEquals(after.filter((each) => each === "ok").length, 100);
});

Deno.test("HttpClient does not wait for a circuit that is open", async () => {
  const { clock, client } = onClock(status(500));
  await using _ = client;
  for (let i = 0; i < 100; i++) await client.get("/x").catch(() => {});
  const errors = [];
  for (let i = 0; i < 20; i++) errors.push(await client.get("/x").catch((error) => error));
  assert(errors.some((error) => error instanceof CircuitOpenError));
  assertEquals(clock.now(), 0);
});

const blameless: { name: string; fetch: Fetch }[] = [
  { name: "404", fetch: status(404) },
  { name: "499", fetch: status(499) },
  { name: "429", fetch: status(429) },
  {
    name: "a shed",
    fetch: () => {
      const headers = { "content-type": "application/problem+json" };
      const body = JSON.stringify({ code: "unavailable", reason: "overloaded" });
      return Promise.resolve(new Response(body, { status: 503, headers }));
    },
  },
  { name: "an interceptor's own error", fetch: () => Promise.reject(new Error("odd")) },
];
for (const { name, fetch } of blameless) {
  Deno.test(`HttpClient's breaker stays closed after ${name}`, async () => {
    const { client } = onClock(fetch, { retry: false });
    await using _ = client;
    for (let i = 0; i < 100; i++) await client.get("/x").catch(() => {});
    assertEquals([client.explain()[0]?.failed, client.explain()[0]?.dropped], [0, 0]);
  });
}

Deno.test("HttpClient retries what is idempotent, waits as Retry-After says, and tells the callee", async () => {
  const seen: { atMs: number; attempts: string | null; left: number }[] = [];
  const { clock, client } = onClock((_url, { headers }) => {
    const sent = new Headers(headers);
    const left = Number(sent.get("zeno-timeout-ms"));
    seen.push({ atMs: clock.now(), attempts: sent.get("grpc-previous-rpc-attempts"), left });
    return seen.length < 3 ? status(503, { "retry-after": "1" })() : ok();
  }, { timeoutMs: 10_000 });
  await using _ = client;
  const response = await settle(clock, client.get("/x"));
  assert(response instanceof Response);
  assertEquals(seen.map(({ attempts }) => attempts), [null, "1", "2"]);
  assert(seen[1]!.atMs >= 1_000 && seen[2]!.atMs >= 2_000);
  assertEquals(seen[0]?.left, 10_000);
  assert(seen[2]!.left <= 8_000);
});

Deno.test("HttpClient does not retry while working for a retry, nor what others gave up", async () => {
  let attempts = 0;
  const { clock, client } = onClock(() => {
    attempts++;
    return status(503)();
  });
  await using _ = client;
  await settle(clock, runWithPreviousAttempts(1, () => client.get("/x")));
  assertEquals([attempts, currentPreviousAttempts()], [1, 0]);
  const error = await settle(clock, client.get("/x"));
  assertEquals([attempts, error instanceof HttpError, isRetryFinal(error)], [4, true, true]);
});

Deno.test("HttpClient stays within the deadline of the request it works for", async () => {
  const { clock, client } = onClock((_url, { signal, headers }) => {
    const left = Number(new Headers(headers).get("zeno-timeout-ms"));
    assert(left <= 250 && left > 200, `${left} ms`);
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
  });
  await using _ = client;
  using deadlines = new DeadlineWheel({ clock });
  using deadline = new Deadline(250, { deadlines });
  const error = await settle(clock, runWithDeadline(deadline, () => client.get("/x")));
  assert(error instanceof DeadlineExceededError, String(error));
  assert(clock.now() <= 270, `${clock.now()} ms`);
  assertEquals(client.explain()[0]?.failed, 1);
});

Deno.test("HttpClient ends on time though a transport does not listen, and blames the callee", async () => {
  const { clock, client } = onClock(() => new Promise<Response>(() => {}), { timeoutMs: 100 });
  await using _ = client;
  const error = await settle(clock, client.get("/x"));
  assert(error instanceof DeadlineExceededError, String(error));
  assertEquals(client.explain()[0]?.failed, 1);
});

Deno.test("HttpClient ends an attempt that takes too long, and makes another", async () => {
  let attempts = 0;
  const { clock, client } = onClock((_url, { signal }) => {
    if (++attempts === 2) return ok();
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
  }, { retry: { attemptTimeoutMs: 50, baseMs: 1 } });
  await using _ = client;
  const response = await settle(clock, client.get("/x"));
  assert(response instanceof Response, String(response));
  assertEquals(attempts, 2);
});

Deno.test("HttpClient hedges slow calls that are idempotent, and ends the slower", async () => {
  const aborted: string[] = [];
  const hosts: string[] = [];
  let slow = true;
  const { clock, client } = onClock((url, { signal }) => {
    hosts.push(new URL(url).host);
    if (!slow) return ok();
    slow = false;
    signal?.addEventListener("abort", () => aborted.push(String(signal.reason)));
    return new Promise<Response>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
  }, {
    target: new StaticResolver(["a:1", "b:1"]),
    hedge: { delayMs: 20 },
    balance: "round_robin",
  });
  await using _ = client;
  for (let call = 0; call < 20; call++) {
    slow = false;
    await settle(clock, client.get("/warm")); // Earns the budget.
  }
  hosts.length = 0;
  slow = true;
  assert(await settle(clock, client.get("/x")) instanceof Response);
  assertEquals([hosts.length, new Set(hosts).size, aborted.length], [2, 2, 1]);
  slow = true;
  const never = client.post("/x").catch(() => {});
  await clock.advance(200);
  assertEquals(hosts.length, 3); // A POST is not hedged.
  await clock.advance(10_000);
  await never;
});

Deno.test("HttpClient leaves an instance that fails, and goes on with the others", async () => {
  const counts: Record<string, number> = {};
  const addresses = Array.from({ length: 10 }, (_, at) => `10.0.0.${at}:80`);
  const { clock, client } = onClock((url) => {
    const { hostname } = new URL(url);
    counts[hostname] = (counts[hostname] ?? 0) + 1;
    return hostname === "10.0.0.3" ? status(500)() : ok();
  }, { target: new StaticResolver(addresses), retry: false });
  await using _ = client;
  const failures: number[] = [];
  for (let call = 0; call < 6_000; call++) {
    if (call % 10 === 0) await clock.advance(10);
    await client.get("/x").catch(() => failures.push(call));
  }
  const late = failures.filter((call) => call >= 3_000).length; // After three seconds.
  assert(late / 3_000 < 0.02, `${late} of 3000 calls failed`);
  const opened = client.explain().filter(({ dropped }) => dropped > 0).map(({ name }) => name);
  assertEquals(opened, ["10.0.0.3:80 GET /x"]);
  assert(Object.values(counts).every((count) => count < 1_200), JSON.stringify(counts));
});

Deno.test("HttpClient retries on another address than the one that failed", async () => {
  const hosts: string[] = [];
  const { clock, client } = onClock((url) => {
    hosts.push(new URL(url).host);
    return hosts.length < 3 ? Promise.reject(new TypeError("fetch failed")) : ok();
  }, { target: new StaticResolver(["a:1", "b:1", "c:1"]) });
  await using _ = client;
  await settle(clock, client.get("/x"));
  assertEquals(new Set(hosts).size, 3);
});

Deno.test("HttpClient follows its resolver, and survives a registry that knows nothing any more", async () => {
  const hosts: string[] = [];
  const resolver = new StaticResolver([]);
  const { clock, client } = onClock((url) => {
    hosts.push(new URL(url).host);
    return ok();
  }, { target: resolver, service: "users", retry: { attempts: 2, baseMs: 1 } });
  await using _ = client;
  const error = await settle(clock, client.get("/x"));
  assert(error instanceof ServiceError);
  assertEquals([error.code, error.message], [
    "unavailable",
    "Cannot call users: it has no address",
  ]);
  resolver.update(["a:1"]);
  await settle(clock, client.get("/x"));
  resolver.update([]);
  await settle(clock, client.get("/x"));
  resolver.update(["b:1"]);
  await settle(clock, client.get("/x"));
  assertEquals(hosts, ["a:1", "a:1", "b:1"]);
});

Deno.test("HttpClient prefers the faster of two addresses", async () => {
  const counts = new Map<string, number>();
  const { clock, client } = onClock(async (url) => {
    const { host } = new URL(url);
    counts.set(host, (counts.get(host) ?? 0) + 1);
    await clock.sleep(host === "slow:1" ? 100 : 10);
    return new Response("ok");
  }, { target: new StaticResolver(["slow:1", "fast:1", "quick:1"]) });
  await using _ = client;
  for (let call = 0; call < 200; call++) await settle(clock, client.get("/x"), 5);
  assert(counts.get("slow:1")! < 20, JSON.stringify([...counts]));
});

Deno.test("NetworkError of a transport names no address", async () => {
  const cause = new Error("error sending request for url (http://callee/x?token=secret): odd");
  const { client } = onClock(() => Promise.reject(new TypeError("fetch failed", { cause })));
  await using _ = client;
  const error = await assertRejects(() => client.post("/x?token=secret"), NetworkError);
  assert(!Deno.inspect(error, { depth: 9 }).includes("secret"));
});
