import type { Clock, Random } from "../clock.ts";
import { reasonOf } from "../log/value_renderer.ts";
import type { TelemetryBatcher, TelemetryConfig } from "../service/sections.ts";
import type { SpanExporter } from "./exporter.ts";
import { FileExporter } from "./file_exporter.ts";
import type { HttpPostOptions } from "./http_post.ts";
import { OtlpGrpcExporter, type OtlpGrpcTransport } from "./otlp_grpc_exporter.ts";
import { OtlpHttpExporter } from "./otlp_http_exporter.ts";
import { ZipkinExporter } from "./zipkin_exporter.ts";

/** Options for {@link createExporter}. */
export interface ExporterOptions {
  /** Connects to a collector over gRPC, for `otlpgrpc`, which does not work without. */
  grpc?:
    | ((endpoint: string, headers: Readonly<Record<string, string>>) => OtlpGrpcTransport)
    | undefined;
  /** Sends the requests of `otlphttp` and `zipkin`. @default {the platform's} */
  fetch?: HttpPostOptions["fetch"];
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Source of jitter. @default {systemRandom} */
  random?: Random | undefined;
}

type Create = (
  endpoint: string,
  config: Partial<TelemetryConfig>,
  options: ExporterOptions,
) => SpanExporter | Promise<SpanExporter>;

const EXPORTERS: Readonly<Record<TelemetryBatcher, Create>> = {
  otlphttp: (endpoint, config, { fetch, clock, random }) =>
    new OtlpHttpExporter(otlpUrl(endpoint, config), {
      headers: config.OtlpHeaders,
      fetch,
      clock,
      random,
    }),
  otlpgrpc(endpoint, config, { grpc }) {
    if (grpc) return new OtlpGrpcExporter(grpc(endpoint, config.OtlpHeaders ?? {}));
    throw new TypeError(
      "Cannot start telemetry: exporter otlpgrpc needs a gRPC transport, and none was given; " +
        "set Batcher to otlphttp and Endpoint to the collector's HTTP port, 4318 by default",
    );
  },
  zipkin: (endpoint, _config, { fetch, clock, random }) =>
    new ZipkinExporter(urlOf(endpoint), { fetch, clock, random }),
  async file(endpoint) {
    try {
      return await FileExporter.open(endpoint);
    } catch (error) {
      throw new TypeError(
        `Cannot start telemetry: file exporter endpoint error: ${reasonOf(error)}`,
        { cause: error },
      );
    }
  },
};

/**
 * Makes the exporter that a config asks for; `undefined` if it names no endpoint.
 *
 * @throws {TypeError} If the kind is unknown, the endpoint will not do, or `otlpgrpc` has no transport.
 */
export async function createExporter(
  config: Partial<TelemetryConfig>,
  options: ExporterOptions = {},
): Promise<SpanExporter | undefined> {
  const { Endpoint, Batcher = "otlpgrpc" } = config;
  if (!Endpoint) return undefined;
  if (!Object.hasOwn(EXPORTERS, Batcher)) {
    throw new TypeError(`Cannot start telemetry: unknown exporter: ${Batcher}`);
  }
  return await EXPORTERS[Batcher](Endpoint, config, options);
}

/** `host:port`, as go-zero's config has it, or a whole URL. */
function otlpUrl(endpoint: string, config: Partial<TelemetryConfig>): URL {
  const { OtlpHttpPath = "/v1/traces", OtlpHttpSecure = false } = config;
  const hasScheme = /^https?:\/\//i.test(endpoint);
  const url = urlOf(hasScheme ? endpoint : `${OtlpHttpSecure ? "https" : "http"}://${endpoint}`);
  if (url.pathname === "/" || config.OtlpHttpPath !== undefined) url.pathname = OtlpHttpPath;
  return url;
}

function urlOf(endpoint: string): URL {
  const url = URL.parse(endpoint);
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  // The endpoint may hold a password, so only its kind is named.
  throw new TypeError("Cannot start telemetry: Endpoint is no http or https address");
}
