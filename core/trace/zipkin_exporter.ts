import type { SpanExporter } from "./exporter.ts";
import { type HttpPostOptions, postJson } from "./http_post.ts";
import type { AttributeValue, SpanData, SpanEvent } from "./span.ts";

/**
 * Sends spans to Zipkin in its JSON format, version 2.
 *
 * @see https://zipkin.io/zipkin-api/
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 */
export class ZipkinExporter implements SpanExporter {
  readonly #url: URL;
  readonly #options: HttpPostOptions;

  /** Makes one that posts to `url`, for instance `http://localhost:9411/api/v2/spans`. */
  constructor(url: URL, options: HttpPostOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  /** Sends a batch. Tries again while the receiver is busy or cannot be reached. */
  async export(spans: readonly SpanData[], signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(spans.map(zipkinSpan));
    await postJson(this.#url, body, { ...this.#options, signal });
  }
}

/** A span in Zipkin's format. Times and durations are whole microseconds. */
export interface ZipkinSpan {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  id: string;
  /** 16 hex digits. */
  parentId?: string;
  /** What was done. */
  name: string;
  /** Absent for work that is no call. */
  kind?: "SERVER" | "CLIENT" | "PRODUCER" | "CONSUMER";
  /** Beginning, since the Unix epoch. */
  timestamp: number;
  /** At least 1. */
  duration: number;
  /** The process. */
  localEndpoint: { serviceName: string };
  /** The other side of a call, where it is known. */
  remoteEndpoint?: { serviceName?: string; ipv4?: string; ipv6?: string; port?: number };
  /** What happened meanwhile. */
  annotations: { timestamp: number; value: string }[];
  /** Facts, all as text. */
  tags: Record<string, string>;
}

const KINDS = {
  internal: undefined,
  server: "SERVER",
  client: "CLIENT",
  producer: "PRODUCER",
  consumer: "CONSUMER",
} as const;

/** `span` in Zipkin's format. */
export function zipkinSpan(span: SpanData): ZipkinSpan {
  const kind = KINDS[span.kind];
  const remoteEndpoint = remoteOf(span);
  return {
    traceId: span.context.traceId,
    id: span.context.spanId,
    ...(span.parent ? { parentId: span.parent.spanId } : {}),
    name: span.name,
    ...(kind ? { kind } : {}),
    timestamp: Math.floor(span.startTimeMs * 1000),
    duration: Math.max(1, Math.round((span.endTimeMs - span.startTimeMs) * 1000)),
    localEndpoint: { serviceName: String(span.resource.get("service.name") ?? "unknown_service") },
    ...(remoteEndpoint ? { remoteEndpoint } : {}),
    annotations: span.events.map(annotation),
    tags: tagsOf(span),
  };
}

function annotation({ name, timeMs, attributes }: SpanEvent): ZipkinSpan["annotations"][number] {
  const facts = attributes.size > 0 ? `: ${JSON.stringify(Object.fromEntries(attributes))}` : "";
  return { timestamp: Math.floor(timeMs * 1000), value: `${name}${facts}` };
}

function tagsOf(span: SpanData): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, value] of span.resource) {
    if (key !== "service.name") tags[key] = textOf(value);
  }
  for (const [key, value] of span.attributes) tags[key] = textOf(value);
  tags["otel.scope.name"] = span.scope.name;
  if (span.scope.version) tags["otel.scope.version"] = span.scope.version;
  const { code, message } = span.status;
  if (code !== "unset") tags["otel.status_code"] = code.toUpperCase();
  // Zipkin takes any `error` tag for a failure, even "false".
  if (code === "error") tags.error = message ?? "";
  else delete tags.error;
  return tags;
}

function textOf(value: AttributeValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function remoteOf(span: SpanData): ZipkinSpan["remoteEndpoint"] {
  const serviceName = textAt(span, "peer.service") ?? textAt(span, "net.peer.name");
  const ip = textAt(span, "net.peer.ip");
  if (serviceName === undefined && ip === undefined) return undefined;
  const port = Number(span.attributes.get("net.peer.port"));
  return {
    ...(serviceName !== undefined ? { serviceName } : {}),
    ...(ip !== undefined ? { [ip.includes(":") ? "ipv6" : "ipv4"]: ip } : {}),
    ...(port > 0 ? { port } : {}),
  };
}

function textAt(span: SpanData, key: string): string | undefined {
  const value = span.attributes.get(key);
  return typeof value === "string" ? value : undefined;
}
