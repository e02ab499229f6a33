import { assertEquals } from "@std/assert";
import { HealthRegistry } from "./health.ts";

const states: { name: string; probes: boolean[]; ready: boolean; status: number; body: string }[] =
  [
    { name: "no probe", probes: [], ready: false, status: 503, body: "Service Unavailable\n\n" },
    {
      name: "one not ready",
      probes: [false],
      ready: false,
      status: 503,
      body: "Service Unavailable\np0 is not ready\n\n",
    },
    { name: "one ready", probes: [true], ready: true, status: 200, body: "OK" },
    {
      name: "one of two ready",
      probes: [true, false],
      ready: false,
      status: 503,
      body: "Service Unavailable\np0 is ready\np1 is not ready\n\n",
    },
    { name: "two ready", probes: [true, true], ready: true, status: 200, body: "OK" },
  ];

for (const { name, probes, ready, status, body } of states) {
  Deno.test(`HealthRegistry.respond() with ${name}`, async () => {
    const health = new HealthRegistry();
    probes.forEach((state, index) => {
      const probe = health.register(`p${index}`);
      if (state) probe.markReady();
    });
    assertEquals(health.ready, ready);
    assertEquals(health.report(), {
      ready,
      probes: probes.map((state, index) => ({ name: `p${index}`, ready: state })),
    });
    const response = health.respond();
    assertEquals([response.status, await response.text()], [status, body]);
    assertEquals(response.headers.get("content-type"), "text/plain; charset=utf-8");
  });
}

Deno.test("HealthRegistry.respond() says what it is told to say", async () => {
  const health = new HealthRegistry();
  health.register("p").markReady();
  assertEquals(await health.respond("fine").text(), "fine");
});

Deno.test("Probe follows what it is told, and its disposal takes it out", () => {
  const health = new HealthRegistry();
  const keep = health.register("same name");
  const drop = health.register("same name");
  keep.markReady();
  assertEquals([keep.ready, drop.ready, health.ready], [true, false, false]);
  drop[Symbol.dispose]();
  drop[Symbol.dispose]();
  assertEquals(health.ready, true);
  keep.markNotReady();
  assertEquals([keep.ready, health.ready], [false, false]);
});
