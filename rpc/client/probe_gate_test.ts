import { assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { ProbeGate } from "./probe_gate.ts";

function newGate() {
  const clock = new FakeClock();
  return { clock, gate: new ProbeGate(clock) };
}

Deno.test("ProbeGate stays open for failures in less than a second", () => {
  const { clock, gate } = newGate();
  for (let i = 0; i < 1_000; i++) gate.fail();
  clock.elapse(999);
  assertEquals(gate.closedForMs, 0);
});

Deno.test("ProbeGate stays open for few failures, however far apart", () => {
  const { clock, gate } = newGate();
  for (let i = 0; i < 4; i++) {
    gate.fail();
    clock.elapse(60_000);
  }
  assertEquals(gate.closedForMs, 0);
});

Deno.test("ProbeGate lets one call a second pass once there was no answer for one", () => {
  const { clock, gate } = newGate();
  for (let i = 0; i < 5; i++) gate.fail();
  clock.elapse(1_000);
  for (let i = 0; i < 3; i++) {
    assertEquals(gate.closedForMs, 0);
    gate.pass();
    assertEquals(gate.closedForMs, 1_000);
    gate.fail();
    clock.elapse(400);
    assertEquals(gate.closedForMs, 600);
    clock.elapse(600);
  }
});

Deno.test("ProbeGate opens with an answer, and counts anew", () => {
  const { clock, gate } = newGate();
  for (let i = 0; i < 5; i++) gate.fail();
  clock.elapse(1_000);
  gate.pass();
  gate.open();
  assertEquals(gate.closedForMs, 0);
  for (let i = 0; i < 5; i++) gate.fail();
  clock.elapse(999);
  gate.pass();
  assertEquals(gate.closedForMs, 0);
  clock.elapse(1);
  assertEquals(gate.closedForMs, 999);
});
