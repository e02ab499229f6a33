/**
 * What can be wrong with a websocket.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";

/** The request does not ask for a websocket. Answered with 426 and an `Upgrade` header. */
export class UpgradeRequiredError extends ServiceError {
  /** Makes the error. */
  constructor() {
    super("failed_precondition", "Cannot answer request: this route speaks websocket only", {
      httpStatus: 426,
    });
    this.name = "UpgradeRequiredError";
  }
}

/** The page that opened the websocket is of a site that may not. Answered with 403. */
export class ForeignOriginError extends ServiceError {
  /** Makes the error. */
  constructor() {
    super("permission_denied", "Cannot open websocket: the origin of the page is not allowed");
    this.name = "ForeignOriginError";
  }
}

/** The connection has ended, so nothing can be sent on it. */
export class WebSocketClosedError extends ServiceError {
  /** Makes the error. `why` finishes the message. */
  constructor(why = "the connection has ended") {
    super("unavailable", `Cannot send message: ${why}`);
    this.name = "WebSocketClosedError";
  }
}
