/**
 * What a process holds.
 *
 * @module
 */

const MIB = 2 ** 20;

/** The runtime's collector, if it was started with `--v8-flags=--expose-gc`. */
const collect = (globalThis as { gc?: () => void }).gc;

/** Memory in use, in MiB; what is garbage counts unless the collector can be called. */
export function heapMiB(): number {
  collect?.();
  return Deno.memoryUsage().heapUsed / MIB;
}

/** Memory of the process, in MiB. */
export function rssMiB(): number {
  return Deno.memoryUsage().rss / MIB;
}

/** Files and sockets that a process has open. Linux only. */
export function openFiles(pid: number = Deno.pid): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** How fast values grow, by least squares: `points` are pairs of time and value. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanOf = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = meanOf(points.map(([at]) => at));
  const y = meanOf(points.map(([, value]) => value));
  const above = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  const below = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return above / below;
}
