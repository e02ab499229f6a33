/**
 * What V8 can tell of where time and memory go, as files that Chrome's developer tools open.
 *
 * @module
 */

import inspector from "node:inspector";
import { Readable } from "node:stream";
import v8 from "node:v8";
import { type Clock, systemClock } from "../clock.ts";
import { ServiceError } from "../errors.ts";

/** Options for {@link cpuProfile}. */
export interface CpuProfileOptions {
  /** Time between two looks at the stack, in microseconds, an integer >= 50. @default {1000} */
  intervalUs?: number | undefined;
  /** Ends the profile early; what has been seen by then is answered. */
  signal?: AbortSignal | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Profiles run one at a time: V8 has one profiler, and two would spoil each other's figures. */
let isProfiling = false;

/**
 * Watches for `durationMs` where the time of this thread goes. Answers a `.cpuprofile` as JSON.
 *
 * The work that is watched is slowed by a few percent. It needs the permission
 * `--allow-sys=inspector`.
 *
 * @throws {ServiceError} `unimplemented` without the permission, `aborted` while another one runs.
 */
export async function cpuProfile(
  durationMs: number,
  options: CpuProfileOptions = {},
): Promise<string> {
  const { intervalUs = 1000, signal, clock = systemClock } = options;
  checkPermission();
  if (isProfiling) {
    throw new ServiceError("aborted", "Cannot take a CPU profile: another one is being taken");
  }
  isProfiling = true;
  const session = new inspector.Session();
  try {
    session.connect();
    await command(session, "Profiler.enable");
    await command(session, "Profiler.setSamplingInterval", { interval: intervalUs });
    await command(session, "Profiler.start");
    await clock.sleep(durationMs, { signal }).catch(() => {}); // Ended early is ended.
    const { profile } = await command(session, "Profiler.stop");
    await command(session, "Profiler.disable");
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
    isProfiling = false;
  }
}

/**
 * All that is in memory now, as a `.heapsnapshot`. The process stands still while it is taken, about a
 * second for each 50 MB of objects, and needs about as much memory again. It holds every string of the
 * process, secrets included.
 */
export function heapSnapshot(): ReadableStream<Uint8Array> {
  // Node's type is that of its own stream, which is the platform's.
  return Readable.toWeb(v8.getHeapSnapshot()) as ReadableStream<Uint8Array>;
}

function command(
  session: inspector.Session,
  method: string,
  parameters: Record<string, unknown> = {},
): Promise<{ profile?: unknown }> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error: Error | null, result?: object) => {
      if (error) reject(error);
      else resolve(result ?? {});
    });
  });
}

/** Connecting without permission would stop the process at a prompt, so it is asked about first. */
function checkPermission(): void {
  if (isAllowed()) return;
  throw new ServiceError(
    "unimplemented",
    "Cannot take a CPU profile: the process may not use the inspector; start it with " +
      "--allow-sys=inspector, or with --inspect and take the profile from chrome://inspect",
  );
}

function isAllowed(): boolean {
  const kind: string = "inspector"; // The runtime knows this kind, its types do not yet.
  try {
    const descriptor = { name: "sys", kind } as Deno.SysPermissionDescriptor;
    return Deno.permissions.querySync(descriptor).state === "granted";
  } catch {
    return false;
  }
}
