/** Something that runs: a server, a consumer, a job. */
export interface Service {
  /** What it is called in logs. */
  readonly name: string;
  /** Resolves when it serves; rejects if it cannot. */
  start(): Promise<void>;
  /** Resolves when it has stopped. Doing so twice, or before `start`, does nothing. */
  stop(): Promise<void>;
  /** Settles when it no longer runs: rejected if it broke, resolved if it stopped or had finished. */
  readonly finished: Promise<void>;
}
