/** Attacks by the path: to reach what another path guards, or what no path should. */
import { assert, assertEquals } from "@std/assert";
import { KINDS, Target } from "./testdata/target.ts";
import { patienceFor, request, send } from "./testdata/raw_client.ts";

const CASES: readonly { readonly target: string; readonly answer: RegExp }[] = [
  { target: "/files/%00", answer: /^400 open/ },
  { target: "/files/a%00.txt", answer: /^400 open/ },
  { target: "/files/%zz", answer: /^400 open/ },
  { target: "/files/%", answer: /^400 open/ },
  { target: "/files/%c0%ae%c0%ae", answer: /^400 open/ },
  { target: "/files/%ff", answer: /^400 open/ },
  { target: "/..\\..\\etc\\passwd", answer: /^400 open/ },
  { target: "/files/%5c..%5c", answer: /^(200|400) open/ },
  { target: "/../../etc/passwd", answer: /^404 open/ },
  { target: "//..//..//etc/passwd", answer: /^404 open/ },
  { target: "/files/%2e%2e%2f%2e%2e%2fetc", answer: /^200 open/ },
  { target: "/files/..%2f..%2fetc", answer: /^200 open/ },
  { target: "/files/%252e%252e%252f", answer: /^200 open/ },
  { target: "/files/%2e%2e/alive", answer: /^200 open/ },
];

for (const kind of KINDS) {
  for (const { target: path, answer } of CASES) {
    Deno.test(`listener of kind ${kind} answers ${path} alike and keeps to its routes`, async () => {
      await using target = await Target.start(kind);
      const { result, text } = await send(target.port, request(`GET ${path}`), {
        waitMs: 8_000,
        answers: 1,
      });
      assert(answer.test(result), result);
      assert(!text.includes("secret"));
    });
  }

  Deno.test(`listener of kind ${kind} makes one canonical path of all spellings`, async () => {
    await using target = await Target.start(kind);
    for (
      const path of ["/secret/plan", "/secret//plan", "/a/../secret/./plan", "/%73ecret/plan/"]
    ) {
      const { text } = await send(
        target.port,
        request(`GET ${path}`, ["Host: a"]),
        patienceFor("200 open"),
      );
      assertEquals(text.includes('"secret"'), true, path);
    }
  });

  Deno.test(`listener of kind ${kind} routes a long path in no time`, async () => {
    await using target = await Target.start(kind);
    // Below the limit of the head; what follows is how a router that backtracks is made to.
    const path = "/files".repeat(2_400);
    const started = performance.now();
    const { result } = await send(target.port, request(`GET ${path}`), {
      waitMs: 500,
      until: (text) => text.includes("404"),
    });
    assertEquals(result.slice(0, 3), "404");
    assert(performance.now() - started < 100);
  });
}
