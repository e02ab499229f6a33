import { currentDeadline, runWithDeadline } from "./ambient_deadline.ts";
import { Deadline } from "./deadline.ts";
import { withTimeout } from "./with_timeout.ts";

const work = () => Promise.resolve(7);
const day = new Deadline(86_400_000);

Deno.bench({ name: "bare call", group: "call", baseline: true }, async () => {
  await work();
});
Deno.bench({ name: "withTimeout()", group: "call" }, async () => {
  await withTimeout(work, 3_000);
});
Deno.bench({ name: "withTimeout(), signal used", group: "call" }, async () => {
  await withTimeout(({ signal }) => signal.aborted ? undefined : work(), 3_000);
});
Deno.bench({ name: "Deadline.run() of one for all", group: "call" }, async () => {
  await day.run(work);
});
Deno.bench({ name: "runWithDeadline()", group: "call" }, async () => {
  await runWithDeadline(day, work);
});

Deno.bench({ name: "new Deadline()", group: "deadline", baseline: true }, () => {
  new Deadline(3_000)[Symbol.dispose]();
});
Deno.bench({ name: "new Deadline(), signal used", group: "deadline" }, () => {
  const deadline = new Deadline(3_000);
  void deadline.signal;
  deadline[Symbol.dispose]();
});
Deno.bench({ name: "currentDeadline()", group: "deadline" }, () => {
  currentDeadline();
});
