import { LOG_LEVELS, type LogThreshold } from "../log/level.ts";
import type { AdminService } from "./admin_service.ts";
import { errorAnswer, jsonAnswer } from "./_respond.ts";

type Log = NonNullable<AdminService["log"]>;

const LEVELS: readonly LogThreshold[] = [...LOG_LEVELS, "disabled"];

const MAX_BODY_BYTES = 1024;

/** Answers with the level of each logger, and changes the level of all. */
export async function logLevelAnswer(
  request: Request,
  logs: ReadonlyMap<string, Log>,
): Promise<Response> {
  if (request.method === "PUT") {
    const level = await requestedLevel(request);
    if (level === undefined) {
      return errorAnswer(400, `Cannot set log level: send one of ${LEVELS.join(", ")}`);
    }
    for (const log of logs.values()) log.setLevel(level);
  }
  return jsonAnswer(Object.fromEntries(Array.from(logs, ([name, log]) => [name, levelOf(log)])));
}

/** A bare word, or `{"level": "debug"}`. */
async function requestedLevel(request: Request): Promise<LogThreshold | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return undefined;
  const text = (await request.text()).trim();
  const level = text.startsWith("{") ? levelMember(text) : text;
  return LEVELS.find((known) => known === level);
}

function levelMember(text: string): string {
  try {
    return String(JSON.parse(text).level);
  } catch {
    return "";
  }
}

function levelOf(log: Log): LogThreshold {
  return LOG_LEVELS.find((level) => log.enabled(level)) ?? "disabled";
}
