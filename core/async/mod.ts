/**
 * Asynchronous building blocks: sharing work, running it concurrently, gathering it, bounding it, and
 * owning what it needs.
 *
 * | for | take |
 * |---|---|
 * | one run shared by concurrent callers | {@link SingleFlight}, {@link LockedCalls} |
 * | many items, several at once | {@link mapReduce}, {@link forEach}, {@link StableRunner} |
 * | a few functions at once | {@link finish}, {@link parallel}, {@link RoutineGroup} |
 * | background work | {@link goSafe}, {@link TaskRunner}, {@link WorkerGroup} |
 * | batches | {@link BulkExecutor}, {@link ChunkExecutor}, {@link PeriodicalExecutor} |
 * | less often | {@link DelayExecutor}, {@link LessExecutor}, {@link once}, {@link OnceGuard} |
 * | one at a time, or waiting for each other | {@link Mutex}, {@link Barrier}, {@link Cond}, {@link OneShot} |
 * | handing over | {@link BoundedQueue}, {@link MessageQueue} |
 * | resources | {@link ResourcePool}, {@link ResourceManager}, {@link RefCounted}, {@link ImmutableResource}, {@link ManagedResource} |
 * | deadlines | {@link DeadlineWheel} |
 *
 * @example Concurrent misses of one key load once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SingleFlight } from "@zeno/zeno/core/async";
 *
 * let loads = 0;
 * const users = new SingleFlight<number, string>();
 * const load = () => users.do(7, async () => `user ${await Promise.resolve(++loads)}`);
 * assertEquals(await Promise.all([load(), load()]), ["user 1", "user 1"]);
 * ```
 *
 * @example A deadline that costs next to nothing
 * ```ts
 * import { DeadlineWheel } from "@zeno/zeno/core/async";
 *
 * using wheel = new DeadlineWheel();
 * const deadline = wheel.schedule(3_000, () => console.log("too late"));
 * deadline.cancel();
 * ```
 *
 * @module
 */

export * from "./barrier.ts";
export * from "./bounded_queue.ts";
export * from "./bulk_executor.ts";
export * from "./chunk_executor.ts";
export * from "./cond.ts";
export * from "./deadline_wheel.ts";
export * from "./delay_executor.ts";
export * from "./errors.ts";
export * from "./finish.ts";
export * from "./for_each.ts";
export * from "./immutable_resource.ts";
export * from "./less_executor.ts";
export * from "./locked_calls.ts";
export * from "./managed_resource.ts";
export * from "./map_reduce.ts";
export * from "./message_queue.ts";
export * from "./mutex.ts";
export * from "./once.ts";
export * from "./once_guard.ts";
export * from "./one_shot.ts";
export * from "./panic.ts";
export * from "./parallel.ts";
export * from "./periodical_executor.ts";
export * from "./pusher.ts";
export * from "./ref_counted.ts";
export * from "./resource_manager.ts";
export * from "./resource_pool.ts";
export * from "./routine_group.ts";
export * from "./run_safe.ts";
export * from "./single_flight.ts";
export * from "./stable_runner.ts";
export * from "./task_runner.ts";
export * from "./worker_group.ts";
export type { Items, Source } from "./source.ts";
