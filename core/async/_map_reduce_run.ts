import { workerCount } from "./argument.ts";
import { CancelScope } from "./_cancel_scope.ts";
import { CancelWithoutReasonError } from "./errors.ts";
import { Pipe } from "./pipe.ts";
import { openSource, type Source } from "./source.ts";
import { WorkerPump } from "./worker_pump.ts";

/** What one part of a run is given to influence the whole. */
export interface RunContext {
  cancel(error?: unknown): void;
  readonly signal: AbortSignal;
}

/** The parts of a run. */
export interface RunParts<T, U> {
  map(item: T, context: RunContext & { write(value: U): void | Promise<void> }): unknown;
  reduce(items: AsyncIterable<U>, context: RunContext): unknown;
  workers?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Runs mappers and a reducer to their end; throws the first failure, or what it was cancelled with. */
export async function runMapReduce<T, U>(source: Source<T>, parts: RunParts<T, U>): Promise<void> {
  const workers = workerCount("map and reduce", parts.workers);
  using scope = new CancelScope(parts.signal);
  const pipe = new Pipe<U>(workers);
  const context = {
    write: (value: U) => pipe.write(value),
    cancel: (error?: unknown) => scope.cancel(error ?? new CancelWithoutReasonError()),
    get signal() {
      return scope.signal;
    },
  };
  const pump = new WorkerPump(openSource(source), {
    workers,
    work: (item) => parts.map(item, context),
    onError(error) {
      scope.fail(error);
      scope.stop(); // What else is mapped no longer matters, and the mappers can know.
    },
  });
  scope.onCancel = () => {
    pump.stop().catch(() => {}); // The caller hears why it was cancelled instead.
    pipe.discard();
  };
  const work = Promise.all([mapAll(pump, pipe), reduceAll(parts.reduce, pipe, context, scope)]);
  await Promise.race([work, scope.cancelled]);
  scope.throwIfFailed();
}

async function mapAll<T, U>(pump: WorkerPump<T>, pipe: Pipe<U>): Promise<void> {
  pump.start();
  await pump.finished;
  pipe.end();
}

async function reduceAll<U>(
  reduce: RunParts<unknown, U>["reduce"],
  pipe: Pipe<U>,
  context: RunContext,
  scope: CancelScope,
): Promise<void> {
  try {
    await reduce(pipe, context);
  } catch (error) {
    scope.fail(error);
  } finally {
    pipe.discard(); // Mappers that still run have nobody to wait for.
  }
}
