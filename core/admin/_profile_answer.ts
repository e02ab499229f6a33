import type { Clock } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { cpuProfile, heapSnapshot } from "./profiler.ts";
import { answer, errorAnswer } from "./_respond.ts";

const DEFAULT_SECONDS = 10;
const MAX_SECONDS = 120;

/** Takes a CPU profile for as long as `?seconds=` says. */
export async function profileAnswer(
  url: URL,
  options: { signal: AbortSignal; clock?: Clock | undefined; name: string },
): Promise<Response> {
  const given = url.searchParams.get("seconds") ?? String(DEFAULT_SECONDS);
  const seconds = Number(given);
  if (given === "" || !(seconds > 0 && seconds <= MAX_SECONDS)) {
    const message = `Cannot take a CPU profile: seconds must be above 0 and at most ${MAX_SECONDS}`;
    return errorAnswer(400, message);
  }
  try {
    const profile = await cpuProfile(seconds * 1000, options);
    return download(profile, "application/json", `${options.name}.cpuprofile`);
  } catch (error) {
    return errorAnswer(error instanceof ServiceError ? error.httpStatus : 500, reasonOf(error));
  }
}

/** Takes a heap snapshot. */
export function heapAnswer(name: string): Response {
  try {
    return download(heapSnapshot(), "application/octet-stream", `${name}.heapsnapshot`);
  } catch (error) {
    return errorAnswer(501, `Cannot take a heap snapshot: ${reasonOf(error)}`);
  }
}

function download(body: BodyInit, type: string, file: string): Response {
  const safe = file.replace(/[^\w.-]/g, "_");
  return answer(body, type, { "content-disposition": `attachment; filename="${safe}"` });
}
