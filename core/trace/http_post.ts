import { type Clock, type Random, systemClock, systemRandom } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { reasonOf } from "../log/value_renderer.ts";

/** Options for the exporters that post over HTTP. */
export interface HttpPostOptions {
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Tries in all, the first included. An integer >= 1. @default {5} */
  attempts?: number | undefined;
  /** Longest wait before the second try, in ms; doubles after each failure. @default {1000} */
  baseMs?: number | undefined;
  /** Longest wait before any try, even if the receiver asks for more, in ms. @default {10000} */
  maxWaitMs?: number | undefined;
  /** After this long a try is given up, in ms, > 0. @default {10000} */
  timeoutMs?: number | undefined;
  /** Sends a request. @default {the platform's} */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Source of jitter. @default {systemRandom} */
  random?: Random | undefined;
}

/** Statuses that say "not now": those of the OTLP specification. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** A body is read up to here, so that a receiver gone mad does not fill the memory. */
const MAX_ANSWER_CHARACTERS = 64 * 1024;

/** The answer to a try: the text of a success, or a failure that may be worth another try. */
type Outcome = { text: string } | { error: unknown; retry: boolean; retryAfterMs: number };

/**
 * Posts JSON to `url`, again while the receiver says that it is busy or cannot be reached. Answers
 * the text of the answer.
 *
 * @throws {ServiceError} `unavailable` if it did not work out, with the last failure as cause.
 */
export async function postJson(
  url: URL,
  body: string,
  options: HttpPostOptions & { signal: AbortSignal },
): Promise<string> {
  const { attempts = 5, baseMs = 1000, maxWaitMs = 10_000, signal } = options;
  const { clock = systemClock, random = systemRandom } = options;
  for (let attempt = 1;; attempt++) {
    const outcome = await tryOnce(url, body, options);
    if ("text" in outcome) return outcome.text;
    signal.throwIfAborted();
    if (!outcome.retry || attempt >= attempts) {
      const message = `Cannot post to ${url.origin}${url.pathname}: ${reasonOf(outcome.error)}`;
      throw new ServiceError("unavailable", message, { cause: outcome.error });
    }
    const backoffMs = random() * baseMs * 2 ** (attempt - 1);
    const waitMs = Math.min(maxWaitMs, Math.max(backoffMs, outcome.retryAfterMs));
    await clock.sleep(waitMs, { signal });
  }
}

async function tryOnce(
  url: URL,
  body: string,
  options: HttpPostOptions & { signal: AbortSignal },
): Promise<Outcome> {
  const { headers, timeoutMs = 10_000, clock = systemClock, signal } = options;
  const { fetch = globalThis.fetch } = options;
  const late = new AbortController();
  using _timer = clock.setTimer(
    () => late.abort(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  const abort = () => late.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    const request = new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal: late.signal,
      redirect: "error", // Headers may hold a key, which is for this host alone.
    });
    return await outcomeOf(await fetch(request), clock);
  } catch (error) {
    return { error, retry: true, retryAfterMs: 0 };
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function outcomeOf(response: Response, clock: Clock): Promise<Outcome> {
  if (response.ok) return { text: await readSome(response) };
  await response.body?.cancel();
  return {
    error: new Error(`status ${response.status}`),
    retry: RETRYABLE.has(response.status),
    retryAfterMs: retryAfterMs(response.headers.get("retry-after"), clock.wallTime()),
  };
}

async function readSome(response: Response): Promise<string> {
  let text = "";
  const decoded = response.body?.pipeThrough(new TextDecoderStream());
  for await (const chunk of decoded ?? []) {
    text += chunk;
    if (text.length > MAX_ANSWER_CHARACTERS) break; // Leaving the loop cancels the body.
  }
  return text;
}

/** A `retry-after` header as a wait in ms: it holds seconds or a date. */
function retryAfterMs(header: string | null, nowMs: number): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return ms > 0 ? ms : 0;
}
