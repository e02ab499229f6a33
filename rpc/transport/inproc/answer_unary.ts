/**
 * One message to a handler of the same process and one back.
 *
 * @module
 */

import type { Deadline } from "../../../core/timeout/deadline.ts";
import { errorOfStatus, statusOf } from "../../status.ts";
import type { OutgoingCall, ServedUnary } from "../transport.ts";
import { InprocCall } from "./incoming_call.ts";
import type { InprocService } from "./network.ts";

/** A call in flight. */
export interface LiveCall {
  /** Ends it, and fails whoever waits for it. */
  abort(reason: unknown): void;
}

/** Calls a handler and answers what it does, but no later than `limit`. Meanwhile the call is one of `live`. */
export function answerUnary(
  service: InprocService,
  live: Set<LiveCall>,
  served: ServedUnary,
  request: unknown,
  call: OutgoingCall,
  limit: Deadline | undefined,
): Promise<unknown> {
  const incoming = new InprocCall(served.method, call, service.onError);
  let result: unknown;
  try {
    result = served.handle(request, incoming);
  } catch (thrown) {
    return Promise.reject(failed(incoming, thrown));
  }
  if (!(result instanceof Promise)) {
    incoming.finish();
    return Promise.resolve(result);
  }
  return settled(result, incoming, service, live, limit);
}

function settled(
  result: Promise<unknown>,
  incoming: InprocCall,
  service: InprocService,
  live: Set<LiveCall>,
  limit: Deadline | undefined,
): Promise<unknown> {
  service.live.add(incoming);
  live.add(incoming);
  return new Promise((resolve, reject) => {
    const leave = () => {
      service.leave(incoming);
      live.delete(incoming);
    };
    incoming.onAbort((reason) => {
      leave();
      reject(reason);
    });
    (limit ? limit.run(() => result) : result).then((answer) => {
      leave();
      try {
        incoming.finish();
        resolve(answer);
      } catch (error) {
        reject(error);
      }
    }, (thrown) => {
      leave();
      if (isOver(limit)) {
        incoming.cancel();
        reject(thrown);
      } else reject(failed(incoming, thrown));
    });
  });
}

/** What a caller is told of what a handler threw: as much as over a wire. */
export function failed(incoming: InprocCall, thrown: unknown): unknown {
  const status = statusOf(thrown, incoming.trailer);
  const { trailer } = incoming;
  incoming.end();
  return errorOfStatus(status, trailer);
}

/** Whether time is up, or the caller has given up. */
export function isOver(limit: Deadline | undefined): boolean {
  try {
    limit?.throwIfEnded();
    return false;
  } catch {
    return true;
  }
}
