/**
 * Answers that are read bit by bit.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../../core/clock.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { limited } from "./body.ts";
import { BadResponseError, type CallTarget, describeCall } from "./errors.ts";
import type { Connection } from "./exchange.ts";

/** What {@link textChunks} is told. */
export interface ChunkOptions {
  /** What was called. */
  target: CallTarget;
  /** Ends the stream when nothing has come for so long, in ms. `Infinity` for never. */
  idleTimeoutMs: number;
  /** Time source. */
  clock?: Clock | undefined;
}

/**
 * The text of a body, piece by piece. Leaving the loop early closes the connection.
 *
 * @throws {DeadlineExceededError} If the callee is silent for too long.
 * @throws {NetworkError} If the connection breaks.
 */
export async function* textChunks(
  response: Response,
  connection: Connection,
  options: ChunkOptions,
): AsyncGenerator<string> {
  const { target, idleTimeoutMs, clock = systemClock } = options;
  const decoder = new TextDecoder();
  let silent = false;
  let timer: Timer | undefined;
  const watch = () => {
    timer?.cancel();
    if (idleTimeoutMs === Infinity) return;
    timer = clock.setTimer(() => {
      silent = true;
      connection.release(false);
    }, idleTimeoutMs);
  };
  let complete = false;
  try {
    watch();
    for await (const chunk of limited(response, Infinity, target)) {
      // The time the reader takes is not the callee's.
      timer?.cancel();
      yield decoder.decode(chunk, { stream: true });
      watch();
    }
    complete = true;
  } catch (error) {
    throw silent ? silence(target, idleTimeoutMs) : error;
  } finally {
    timer?.cancel();
    connection.release(complete);
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

/**
 * The text of a stream of events, or `undefined` if the server has answered that there is none any more.
 *
 * @throws {BadResponseError} If the answer is something else.
 */
export function openEvents(
  response: Response,
  connection: Connection,
  options: ChunkOptions,
): AsyncIterable<string> | undefined {
  const type = response.headers.get("content-type") ?? "";
  if (response.status !== 204 && type.startsWith("text/event-stream")) {
    return textChunks(response, connection, options);
  }
  response.body?.cancel().catch(() => {});
  connection.release(false);
  if (response.status === 204) return undefined;
  throw new BadResponseError(options.target, "its answer is no stream of events");
}

function silence(target: CallTarget, idleTimeoutMs: number): DeadlineExceededError {
  return new DeadlineExceededError(
    `Cannot ${describeCall(target)}: nothing has come for ${idleTimeoutMs} ms`,
  );
}

/**
 * Cuts text into lines, without their ends.
 *
 * @throws {BadResponseError} If a line is longer than `maxChars`.
 */
export async function* lines(
  chunks: AsyncIterable<string>,
  maxChars: number,
  target: CallTarget,
): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const parts = chunk.split("\n");
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    for (const part of parts) yield withoutReturn(part);
    if (rest.length > maxChars) {
      throw new BadResponseError(target, `a line is longer than ${maxChars} characters`);
    }
  }
  if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
