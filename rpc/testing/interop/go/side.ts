/**
 * What the tests between go-zero and ours need of either side.
 *
 * @module
 */

/** Configuration with go-zero's keys; both sides read the same. */
export type Config = Readonly<Record<string, unknown>>;

/** Calls of `UnaryCall` that are to be made. */
export interface Order {
  /** How many in all. */
  readonly calls: number;
  /** How many at a time. */
  readonly concurrency: number;
  /** Time between two calls of one worker, in ms. */
  readonly pauseMs?: number;
  /** Limit of each call, in ms, beside the client's own. */
  readonly timeoutMs?: number;
  /** Sent along. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The trace that the calls belong to, 32 hex digits. */
  readonly trace?: string;
  /** The status that the server is asked for. */
  readonly code?: number;
  /** Its message. */
  readonly message?: string;
  /** Bytes that the server is asked for. */
  readonly size?: number;
}

/** What came of them. */
export interface Report {
  /** Calls by the number of their code. */
  readonly codes: Readonly<Record<string, number>>;
  /** Calls by the server that answered. */
  readonly instances: Readonly<Record<string, number>>;
  /** The metadata that came before the last answers. */
  readonly header: Readonly<Record<string, string>>;
  /** The message of the last failure. */
  readonly message: string;
  /** Bytes of the last answer. */
  readonly bytes: number;
  /** The longest call, in ms. */
  readonly maxMs: number;
}

/** Somebody who makes calls. */
export interface Caller extends AsyncDisposable {
  /** Makes them and tells what came of them. */
  call(order: Order): Promise<Report>;
}

/** A server that runs. Disposed, it leaves gracefully. */
export type Instance = AsyncDisposable;

/** One implementation of servers and clients. */
export interface Side {
  /** What it is called. */
  readonly name: string;
  /** Starts a server of the test service that tells what it sees. */
  serve(config: Config): Promise<Instance>;
  /** Makes a client. */
  open(config: Config): Caller;
  /** Makes the interoperability tests of gRPC; answers a line for each. */
  interop(config: Config): Promise<Outcome[]>;
}

/** What came of one test. */
export interface Outcome {
  /** Its name. */
  readonly name: string;
  /** Why it failed; nothing if it passed. */
  readonly fault?: string | undefined;
}

/** Outcomes from lines such as `ok NAME` and `failed NAME: why`. */
export function outcomesOf(lines: string): Outcome[] {
  if (lines === "") return [{ name: "all", fault: "the program said nothing" }];
  return lines.trim().split(/\n(?=ok |failed )/).map((line) => {
    if (line.startsWith("ok ")) return { name: line.slice(3) };
    const [, name = line, fault = "it did not run"] = /^failed ([^:]*): (.*)/s.exec(line) ?? [];
    return { name, fault };
  });
}
