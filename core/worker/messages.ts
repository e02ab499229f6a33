import type { DebugTopic } from "../admin/debug_registry.ts";
import type { MetricFamily } from "../metric/snapshot.ts";

/** What a supervisor says to a worker. Other messages are the program's own. */
export type ToWorker =
  | { readonly zeno: "snapshot"; readonly id: number }
  | { readonly zeno: "state"; readonly id: number }
  | { readonly zeno: "stop" };

/** What a worker says to its supervisor. */
export type FromWorker =
  | { readonly zeno: "ready" }
  | { readonly zeno: "snapshot"; readonly id: number; readonly value: readonly MetricFamily[] }
  | { readonly zeno: "state"; readonly id: number; readonly value: WorkerState }
  | { readonly zeno: "stopped" }
  | { readonly zeno: "failed"; readonly message: string };

/** The state of the parts of one worker, by topic. */
export type WorkerState = Readonly<Record<string, DebugTopic>>;

/** Whether a message is one of ours. */
export function isZenoMessage(data: unknown): data is { readonly zeno: string } {
  return typeof data === "object" && data !== null && "zeno" in data &&
    typeof data.zeno === "string";
}
