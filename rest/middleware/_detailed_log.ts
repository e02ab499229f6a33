/**
 * The access log that tells all of request and answer.
 *
 * @module
 */

import type { Middleware } from "../handler.ts";
import { BodyHead, KEPT_BYTES, passThrough } from "./_body_head.ts";
import { describeBody, describeHead, shownBody } from "./_describe_message.ts";
import { readSoFar, watchBody } from "./_watched_request.ts";

/** From when on a request is slow, in ms. */
export interface SlowLimits {
  /** A request. */
  readonly slowMs: number;
  /** One that is answered with events. */
  readonly slowStreamMs: number;
}

/** When the request of this answer is slow, in ms. */
export function slowLimit({ headers }: Response, { slowMs, slowStreamMs }: SlowLimits): number {
  return headers.get("content-type") === "text/event-stream" ? slowStreamMs : slowMs;
}

/** Writes method, status, peer and time, then the request, then the body of its answer. */
export function detailedLog(limits: SlowLimits): Middleware {
  return (next) => (request, context) => {
    const { startedMs, log, remoteAddr } = context;
    // Once the client has its answer, or has gone, the headers can no longer be read.
    const { method } = request;
    const head = describeHead(request);
    const requestBody = shownBody(request.headers);
    watchBody(request, true);
    const result = next(request, context);
    return result instanceof Promise ? result.then(watched) : watched(result);

    function watched(response: Response): Response {
      const { status } = response;
      const slowMs = slowLimit(response, limits);
      const answerBody = shownBody(response.headers);
      const answerHead = new BodyHead();
      context.onFinish((endedMs) => {
        const durationMs = endedMs - startedMs;
        const time = `${durationMs.toFixed(1)}ms`;
        const read = describeBody(readSoFar(request, KEPT_BYTES), requestBody);
        const subject = `[HTTP] ${method} - ${status} - ${remoteAddr}`;
        const sent = describeBody(answerHead.toText(), answerBody);
        const detail = `\n=> ${head}${read && `\n\n${read}`}\n<= ${sent}`;
        if (status >= 500) log.error(`${subject} - ${time}${detail}`);
        else log.info(`${subject} - ${time}${detail}`);
        if (durationMs > slowMs) log.slow(`${subject} - slowcall(${time})${detail}`);
      });
      return answerBody ? watchAnswer(response, answerHead) : response;
    }
  };
}

/** The same answer, which leaves the beginning of its body in `head` when it is sent. */
function watchAnswer(response: Response, head: BodyHead): Response {
  const { body } = response;
  return body ? new Response(passThrough(body, head), response) : response;
}
