/**
 * What is seen of calls: spans, figures, and a line for those that are slow.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { CircuitOpenError } from "../../../core/breaker/errors.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/log/logger.ts";
import { reasonOf } from "../../../core/log/value_renderer.ts";
import type { Counter } from "../../../core/metric/counter.ts";
import type { Histogram } from "../../../core/metric/histogram.ts";
import type { MetricRegistry } from "../../../core/metric/registry.ts";
import { redisClientMetrics, type StoreErrorLabel } from "../../../core/metric/store_metrics.ts";
import { activeTracer } from "../../../core/trace/active_tracer.ts";
import type { Span } from "../../../core/trace/span.ts";
import { firstError, type RedisCall, type RedisInterceptor } from "../command.ts";
import { RedisConnectionError } from "../errors.ts";
import { commandsText, slowThresholdMs } from "../slow_log.ts";

/** Options for {@link observe}. */
export interface ObserveOptions {
  /** Where figures go. */
  metrics: MetricRegistry;
  /** Where lines go. */
  log: Logger;
  /** How long a command may take before it is slow, in ms. @default {what setSlowThreshold says} */
  slowMs?: number | undefined;
  /** Time source. */
  clock: Clock;
}

/** Commands whose figures are kept at hand: more than Redis has. */
const MAX_NAMES = 1_000;

interface Figures {
  readonly duration: Histogram;
  readonly slow: Counter;
}

/** Makes a span of each call, counts it, and writes a line if it was slow. Goes around all else, so refusals are seen too. */
export function observe(options: ObserveOptions): RedisInterceptor {
  const { metrics, log, slowMs, clock } = options;
  const { duration, errors, slow } = redisClientMetrics(metrics);
  const known = new Map<string, Figures>();
  const figuresOf = (name: string): Figures => {
    const kept = known.get(name);
    if (kept) return kept;
    const figures = { duration: duration.labels(name), slow: slow.labels(name) };
    // Names can come from outside, through `do`.
    if (known.size < MAX_NAMES) known.set(name, figures);
    return figures;
  };
  const finish = (call: RedisCall, startedMs: number, span: Span | undefined, error: unknown) => {
    const tookMs = clock.now() - startedMs;
    const figures = figuresOf(call.name);
    figures.duration.observe(tookMs);
    if (error !== undefined) errors.labels(call.name, labelOf(error)).inc();
    if (span) endSpan(span, error);
    if (tookMs <= (slowMs ?? slowThresholdMs()) * call.commands.length || call.isBlocking) return;
    if (call.kind === "command") figures.slow.inc();
    const text = commandsText(call.commands);
    log.withDuration(tookMs).slow(`[REDIS] slowcall on executing: ${text}`);
  };
  return (next) => (call) => {
    const startedMs = clock.now();
    const span = spanOf(call);
    return next(call).then((answer) => {
      finish(call, startedMs, span, firstError(call, answer));
      return answer;
    }, (error) => {
      finish(call, startedMs, span, error);
      throw error;
    });
  };
}

function spanOf({ commands }: RedisCall): Span | undefined {
  const tracer = activeTracer();
  if (!tracer.records || commands.length === 0) return undefined;
  const names = commands.map(({ name }) => name);
  return tracer.startSpan("redis", { kind: "client", attributes: { "redis.cmds": names } });
}

function endSpan(span: Span, error: unknown): void {
  if (error === undefined) span.setStatus({ code: "ok" });
  else span.recordException(error).setStatus({ code: "error", message: reasonOf(error) });
  span.end();
}

function labelOf(error: unknown): StoreErrorLabel {
  if (error instanceof CircuitOpenError) return "breaker open";
  if (error instanceof ServiceError && error.code === "deadline_exceeded") {
    return "context deadline";
  }
  if (!(error instanceof RedisConnectionError)) return "unexpected error";
  const cause = reasonOf(error.cause);
  if (/timed? ?out/i.test(cause)) return "timeout";
  return error.mayHaveRun || /closed|ECONNRESET|EPIPE/.test(cause) ? "eof" : "unexpected error";
}
