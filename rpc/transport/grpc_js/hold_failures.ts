/**
 * Failures that wait for the messages before them.
 *
 * @module
 */

/** How a call has ended, as the package has it. */
interface Status {
  readonly code: number;
  readonly details?: string;
  /** What has to wait. */
  readonly failure?: Status | undefined;
}

/** A call over one connection, as far as it matters here. */
interface WireStream {
  finalStatus: Status | null;
  readsClosed: boolean;
  readonly statusOutput: boolean;
  /** Whether its trailers are being read. */
  inTrailers?: boolean;
  /** Whether they have come, and so all there is. */
  allHasCome?: boolean;
  readonly http2Stream: {
    readonly rstCode: number;
    once(event: "close", listener: () => void): unknown;
    resume(): void;
  };
  maybeOutputStatus(): void;
  handleTrailers?(headers: unknown): void;
  tryPush?(message: unknown): void;
  onDisconnect?(): void;
  endCall?(status: Status): void;
  outputStatus?(): void;
}

/**
 * Lets the status of a failure wait until all messages before it have been read. The package does so with success, and lets
 * a failure overtake what has come before it and has not been read. So to it a failure that the callee has sent is a success
 * until it is told.
 *
 * What is left is taken from the connection as soon as the status has come, which is no more than one window, so that nothing is
 * lost if the connection is closed meanwhile, as servers do that stop.
 *
 * @param calls The class of the package.
 * @returns Whether that could be done: another version of the package may be another.
 */
export function holdFailures(calls: { readonly prototype: object }): boolean {
  const stream: WireStream = calls.prototype as WireStream;
  const { handleTrailers, tryPush, onDisconnect, endCall, outputStatus } = stream;
  if (!handleTrailers || !tryPush || !onDisconnect || !endCall || !outputStatus) return false;
  stream.handleTrailers = function (headers) {
    this.inTrailers = this.allHasCome = true;
    handleTrailers.call(this, headers);
    this.inTrailers = false; // A call that is given up, or whose connection breaks, ends at once.
    if (this.statusOutput) return;
    this.http2Stream.once("close", () => afterClose(this));
    this.http2Stream.resume();
  };
  stream.tryPush = function (message) {
    tryPush.call(this, message);
    if (this.allHasCome) this.http2Stream.resume();
  };
  stream.onDisconnect = function () {
    if (!this.allHasCome) onDisconnect.call(this);
  };
  stream.endCall = function (status) {
    const waits = this.inTrailers && status.code !== OK;
    endCall.call(this, waits ? { ...status, code: OK, failure: status } : status);
  };
  stream.outputStatus = function () {
    this.finalStatus = this.finalStatus?.failure ?? this.finalStatus;
    outputStatus.call(this);
  };
  return true;
}

/**
 * A stream whose connection is closed after its status may never say that there is no more to read, though nothing is missing.
 * Neither does one that is reset, and then some of it may be.
 */
function afterClose(stream: WireStream): void {
  if (stream.readsClosed || stream.statusOutput) return;
  stream.readsClosed = true;
  if (stream.finalStatus?.failure || stream.http2Stream.rstCode === 0) {
    stream.maybeOutputStatus();
  } else stream.endCall?.({ ...stream.finalStatus, code: INTERNAL, details: LOST });
}

const OK = 0;
const INTERNAL = 13;
const LOST = "Cannot read all answers: the stream was reset after its status";
