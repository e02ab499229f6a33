import type { SpanExporter } from "./exporter.ts";
import { type OtlpTraceRequest, otlpTraceRequest } from "./otlp_json.ts";
import type { SpanData } from "./span.ts";

/**
 * Calls `opentelemetry.proto.collector.trace.v1.TraceService/Export`. There is no gRPC in this layer,
 * so who has one brings it along.
 */
export interface OtlpGrpcTransport {
  /** Makes the call. Tries again by itself where that helps. */
  export(request: OtlpTraceRequest, signal: AbortSignal): Promise<void>;
  /** Lets go of the connection. */
  close?(): Promise<void>;
}

/** Sends spans to an OpenTelemetry collector over gRPC. */
export class OtlpGrpcExporter implements SpanExporter {
  readonly #transport: OtlpGrpcTransport;

  /** Makes one that owns `transport` from then on. */
  constructor(transport: OtlpGrpcTransport) {
    this.#transport = transport;
  }

  /** Sends a batch. */
  async export(spans: readonly SpanData[], signal: AbortSignal): Promise<void> {
    await this.#transport.export(otlpTraceRequest(spans), signal);
  }

  /** Lets go of the transport. */
  async close(): Promise<void> {
    await this.#transport.close?.();
  }
}
