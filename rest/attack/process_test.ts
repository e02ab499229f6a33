/** Faults inside of a service that must not end its process, nor show a client its inside. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { Child } from "./testdata/child.ts";
import { KINDS, Target } from "./testdata/target.ts";
import { request, send } from "./testdata/raw_client.ts";

const FAULTS: readonly { readonly path: string; readonly result: RegExp }[] = [
  { path: "/detached", result: /^200 open$/ },
  { path: "/timer", result: /^200 open$/ },
  { path: "/throw", result: /^500 open$/ },
  { path: "/reject", result: /^500 open$/ },
  { path: "/throw-nothing", result: /^500 open$/ },
  { path: "/nothing", result: /^500 open$/ },
  { path: "/used", result: /^500 open$/ },
  // Cut, so that nobody takes it for whole.
  { path: "/broken-stream", result: /^(200 close|close)$/ },
];

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} serves on after every fault of a handler and shows none of it`, async () => {
    await using child = await Child.start(kind);
    for (const { path, result: wanted } of FAULTS) {
      const { result, text } = await send(
        child.port,
        request(`GET ${path}`),
        path === "/broken-stream" ? { waitMs: 8_000 } : {
          waitMs: 8_000,
          answers: 1,
        },
      );
      assertMatch(result, wanted, path);
      assert(!/hunter2|\n +at |\.ts:/.test(text), text);
      assertEquals(await child.text("/alive"), '"yes"');
    }
    child.signal("SIGTERM");
    assertEquals((await child.status).code, 0);
  });

  Deno.test(`listener of kind ${kind} answers 500 when what formats errors fails itself, and counts it once`, async () => {
    const metrics = new MetricRegistry();
    const formatError = () => {
      throw new Error("hunter2 formatting");
    };
    const target = Target.prepare(kind, {}, { metrics, formatError });
    target.server.get("/throw", () => {
      throw new Error("hunter2 thrown");
    });
    await target.server.start();
    await using _ = target;
    const { result, text } = await send(target.port, request("GET /throw"), {
      waitMs: 8_000,
      answers: 1,
    });
    assertEquals(result, "500 open");
    assert(!/hunter2|\n +at |\.ts:/.test(text), text);
    const counted = renderText(metrics.snapshot()).split("\n").filter((line) =>
      /requests_code_total.*"\/throw"/.test(line)
    );
    assertEquals(counted, [
      'http_server_requests_code_total{path="/throw",method="GET",code="500"} 1',
    ]);
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} recovers from a handler that blocks, and loses no request`, async () => {
    await using child = await Child.start(kind);
    const blocked = child.text("/block/600");
    await new Promise((resolve) => setTimeout(resolve, 30));
    const waiting = Array.from({ length: 20 }, () => child.text("/alive"));
    assertEquals(await blocked, '"blocked"');
    const started = performance.now();
    for (const answer of await Promise.all(waiting)) assertEquals(answer, '"yes"');
    assert(performance.now() - started < 1_000);
  });
}

/** Opens connections until the files of the process must have run out, lets go of them, and asks whether it serves. */
async function servesAfterCrowd(child: Child): Promise<boolean> {
  const connect = () =>
    Deno.connect({ hostname: "127.0.0.1", port: child.port }).catch(() => undefined);
  const crowd = await Promise.all(Array.from({ length: 100 }, connect));
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (const member of crowd) member?.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { text } = await send(child.port, request("GET /alive"), { waitMs: 2_000, answers: 1 });
  return text.includes('"yes"');
}

for (const kind of ["serve", "connection"] as const) {
  Deno.test(`listener of kind ${kind} serves on when files have run out`, async () => {
    await using child = await Child.start(kind, {}, { fileLimit: 64 });
    assert(await servesAfterCrowd(child));
  });
}

Deno.test("node:http never accepts again once files have run out (known limit of the runtime; allow many more files than MaxConnections)", async () => {
  await using child = await Child.start("node", {}, { fileLimit: 64 });
  assertEquals(await servesAfterCrowd(child), false);
});

Deno.test("listener of kind node serves on after more clients than MaxConnections", async () => {
  await using child = await Child.start("node", { MaxConnections: 16 }, { fileLimit: 256 });
  assert(await servesAfterCrowd(child));
});
