import { ServiceError } from "../errors.ts";
import type { SpanExporter } from "./exporter.ts";
import { type HttpPostOptions, postJson } from "./http_post.ts";
import { otlpTraceRequest } from "./otlp_json.ts";
import type { SpanData } from "./span.ts";

/** Sends spans to an OpenTelemetry collector as OTLP/JSON over HTTP. */
export class OtlpHttpExporter implements SpanExporter {
  readonly #url: URL;
  readonly #options: HttpPostOptions;

  /** Makes one that posts to `url`, for instance `http://localhost:4318/v1/traces`. */
  constructor(url: URL, options: HttpPostOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  /** Sends a batch. Tries again while the collector is busy or cannot be reached. */
  async export(spans: readonly SpanData[], signal: AbortSignal): Promise<number> {
    const body = JSON.stringify(otlpTraceRequest(spans));
    const answer = await postJson(this.#url, body, { ...this.#options, signal });
    const { refused, reason } = partialSuccess(answer);
    if (refused >= spans.length && refused > 0) {
      throw new ServiceError("invalid_argument", `Cannot export spans: ${reason || "all refused"}`);
    }
    return refused;
  }
}

/** What a collector that took only a part says about the rest. */
function partialSuccess(answer: string): { refused: number; reason: string } {
  try {
    const { rejectedSpans, errorMessage } = JSON.parse(answer)?.partialSuccess ?? {};
    const refused = Number(rejectedSpans ?? 0); // A 64-bit integer, and so text.
    return { refused: refused > 0 ? refused : 0, reason: String(errorMessage ?? "") };
  } catch {
    return { refused: 0, reason: "" }; // An empty body, or that of a proxy: the status counts.
  }
}
