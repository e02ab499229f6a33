import { systemClock } from "../clock.ts";
import { AdaptiveShedder } from "./adaptive_shedder.ts";
import { LoopSignal } from "./loop_signal.ts";
import type { OverloadSignal } from "./overload_signal.ts";

/** A bench holds the loop, and the loop's own signal would rightly refuse: here the level is told. */
const told = (level: number): OverloadSignal => ({
  level: () => level,
  lagMs: () => 0,
  borneMs: () => 0,
  [Symbol.dispose]() {},
});

const calm = new AdaptiveShedder({ signal: told(0) });
const pressed = new AdaptiveShedder({ signal: told(1000) });
const held = Array.from({ length: 3 }, () => pressed.allow({ criticality: "critical" }));
held.pop()!.fail();

const signal = new LoopSignal();
const question = {
  nowMs: 0,
  latencyMs: 5,
  serviceMs: 5,

  backlog: 0,
  carried: 1,
  patience: 1,
};

Deno.bench({ name: "allow and pass", group: "AdaptiveShedder" }, () => {
  calm.allow().pass();
});
/** Costs what the clock costs, and shows no lag though the bench holds the loop. */
const standing = { ...systemClock, now: () => systemClock.now() * 0 };
const whole = new AdaptiveShedder({ clock: standing });
Deno.bench({ name: "allow and pass, with the loop's signal", group: "AdaptiveShedder" }, () => {
  whole.allow().pass();
});
Deno.bench({ name: "refuse", group: "AdaptiveShedder" }, () => {
  pressed.tryAllow({ criticality: "sheddable" })?.fail();
});
Deno.bench({ name: "level", group: "LoopSignal" }, () => {
  signal.level(question);
});
