/**
 * Which names the spans of HTTP calls use for what they say: `legacy` are those of version 1.4 of
 * OpenTelemetry's semantic conventions, which go-zero services have, `current` the stable ones since
 * 1.23, and `both` is for the time in which dashboards move from one to the other.
 *
 * | legacy | current |
 * |---|---|
 * | `http.method` | `http.request.method` |
 * | `http.target` | `url.path`, `url.query` |
 * | `http.url` | `url.full` |
 * | `http.scheme` | `url.scheme` |
 * | `http.host` | `server.address`, `server.port` |
 * | `http.client_ip` | `client.address` |
 * | `http.user_agent` | `user_agent.original` |
 * | `http.flavor` | `network.protocol.version` |
 * | `http.request_content_length` | `http.request.body.size` |
 * | `http.status_code` | `http.response.status_code`, `error.type` |
 * | `http.route` | `http.route` |
 * | `http.server_name` | `service.name` of the resource |
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export type HttpConventions = "legacy" | "current" | "both";

/** The values of {@link HttpConventions}. */
export const HTTP_CONVENTIONS: readonly HttpConventions[] = ["legacy", "current", "both"];
