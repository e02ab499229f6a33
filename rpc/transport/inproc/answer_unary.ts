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

/** Calls a handler and answers what it does, but no later than `limit`. */
export function answerUnary(
  { service }: { readonly service: InprocService },
  served: ServedUnary,
  request: unknown,
  call: OutgoingCall,
  limit: Deadline | undefined,
): Promise<unknown> {
  const incoming = new InprocCall(served.method, call);
  let result: unknown;
  try {
    result = served.handle(request, incoming);
  } catch (thrown) {
    return Promise.reject(failed(incoming, thrown));
  }
  if (!(result instanceof Promise)) {
    incoming.flushHeader();
    incoming.end();
    return Promise.resolve(result);
  }
  return settled(result, incoming, service, limit);
}

function settled(
  result: Promise<unknown>,
  incoming: InprocCall,
  service: InprocService,
  limit: Deadline | undefined,
): Promise<unknown> {
  service.live.add(incoming);
  return new Promise((resolve, reject) => {
    incoming.onBreak(reject);
    (limit ? limit.run(() => result) : result).then((answer) => {
      service.leave(incoming);
      incoming.flushHeader();
      incoming.end();
      resolve(answer);
    }, (thrown) => {
      service.leave(incoming);
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
