/**
 * Failures that wait for the messages before them.
 *
 * @module
 */

/** How a call has ended, as the package has it. */
interface Status {
  readonly code: number;
  /** What has to wait. */
  readonly failure?: Status | undefined;
}

/** A call over one connection, as far as it matters here. */
interface WireStream {
  finalStatus: Status | null;
  readsClosed: boolean;
  inTrailers?: boolean;
  readonly http2Stream: { once(event: "close", listener: () => void): unknown };
  maybeOutputStatus(): void;
  handleTrailers?(headers: unknown): void;
  endCall?(status: Status): void;
  outputStatus?(): void;
}

/**
 * Lets the status of a failure wait until all messages before it have been read. The package does so with success, and lets
 * a failure overtake what has come before it and has not been read. So to it a failure that the callee has sent is a success
 * until it is told.
 *
 * @param calls The class of the package.
 * @returns Whether that could be done: another version of the package may be another.
 */
export function holdFailures(calls: { readonly prototype: object }): boolean {
  const stream: WireStream = calls.prototype as WireStream;
  const { handleTrailers, endCall, outputStatus } = stream;
  if (!handleTrailers || !endCall || !outputStatus) return false;
  stream.handleTrailers = function (headers) {
    // One that is reset after its status does not say that there is no more to read.
    this.http2Stream.once("close", () => {
      if (this.readsClosed || !this.finalStatus?.failure) return;
      this.readsClosed = true;
      this.maybeOutputStatus();
    });
    this.inTrailers = true;
    handleTrailers.call(this, headers);
    this.inTrailers = false; // A call that is given up, or whose connection breaks, ends at once.
  };
  stream.endCall = function (status) {
    endCall.call(
      this,
      this.inTrailers && status.code !== OK ? { ...status, code: OK, failure: status } : status,
    );
  };
  stream.outputStatus = function () {
    this.finalStatus = this.finalStatus?.failure ?? this.finalStatus;
    outputStatus.call(this);
  };
  return true;
}

const OK = 0;
