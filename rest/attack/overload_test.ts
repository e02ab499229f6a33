/**
 * A service that is asked for five times what it can do. What exactly it still does is measured by `bench/rest/overload.ts`; here
 * the bounds are wide enough for a machine that does other things too.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

type Answer = [tier: string, status: number, latencyMs: number];

const WORK_MS = 5;

function script(file: string, ...args: readonly unknown[]): Deno.Command {
  const path = (name: string) => fromFileUrl(new URL(`../../bench/rest/${name}`, import.meta.url));
  const config = ["--config", path("../deno.json")];
  const fixed = ["run", "-A", "--no-check", "--quiet", ...config, path(file)];
  return new Deno.Command(Deno.execPath(), {
    args: [...fixed, ...args.map(String)],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
}

async function generate(...args: readonly unknown[]): Promise<Answer[]> {
  const { stdout } = await script("open_loop.ts", ...args).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** A port that is free. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function untilServing(port: number): Promise<void> {
  // A busy machine with empty caches starts slowly.
  for (let tries = 0; tries < 1200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/c`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot test: nothing serves on port ${port}`);
}

function share(answers: readonly Answer[], of: (answer: Answer) => boolean): number {
  return answers.filter(of).length / answers.length;
}

Deno.test("a service at five times its capacity serves on, the critical first, and says no to the rest", async () => {
  const port = freePort();
  const server = script("overload_server.ts", port, WORK_MS, 0, "rest").spawn();
  try {
    await untilServing(port);
    await generate("closed", port, 2, 0.7); // Warms up.
    const capacity = (await generate("closed", port, 2, 1)).length;
    const answers = await generate("open", port, 5 * capacity, 2.5);
    const served = answers.filter(([, status]) => status === 200);
    const times = served.map(([, , latencyMs]) => latencyMs).sort((a, b) => a - b);
    const figures = {
      goodput: served.length / 2.5 / capacity,
      p99Ms: times[Math.floor(times.length * 0.99)]!,
      critical: share(answers.filter(([tier]) => tier === "c"), ([, status]) => status === 200),
      answered: share(answers, ([, status]) => status === 200 || status === 503),
    };
    const text = JSON.stringify(figures);
    assert(figures.goodput >= 0.5, text);
    assert(figures.critical >= 0.9, text);
    assert(figures.answered >= 0.99, text);
    assert(figures.p99Ms < 1_000, text);
    // And it is over when it is over.
    const after = await generate("closed", port, 1, 0.5);
    assertEquals(share(after.slice(-10), ([, status]) => status === 200), 1);
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await server.stdout.cancel();
  }
});
