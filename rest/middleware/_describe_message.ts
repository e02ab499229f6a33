/**
 * Requests and answers as the access log shows them: without secrets.
 *
 * @module
 */

import { KeyRedactor, MASK } from "../../core/log/redact.ts";
import { maskJson } from "./_mask_json.ts";

/** Beside what every log hides. */
const redactor = new KeyRedactor([
  "csrf",
  "encryptionkey",
  "jwt",
  "pass",
  "passphrase",
  "sessionkey",
  "signature",
  "signingkey",
]);

const isSecret = (name: string) => redactor.isSensitive(name);

/** Method, path and query, then a line for each header; secrets are masked. */
export function describeHead(request: Request): string {
  let lines = `${request.method} ${maskQuery(targetOf(request.url))}`;
  for (const [name, value] of request.headers) {
    lines += `\n${name}: ${isSecret(name) ? MASK : maskQuery(value)}`;
  }
  return lines;
}

/** The kinds of bodies that a log shows. */
export type ShownBody = "json" | "text";

/** What kind of body a log can show, by the headers of its message; none if it is binary, compressed, or a stream without end. */
export function shownBody(headers: Headers): ShownBody | undefined {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity" || type === "text/event-stream") return undefined;
  if (type === "application/json" || type.endsWith("+json")) return "json";
  return type.startsWith("text/") ? "text" : undefined;
}

/** The text of a body with its secrets masked, as far as its kind tells of them. */
export function describeBody(text: string, kind: ShownBody | undefined): string {
  if (kind === undefined) return "";
  return kind === "json" ? maskJson(text, isSecret) : text;
}

/** Path and query of a URL, as the client wrote them. */
export function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? "/" : url.slice(start);
}

const SECRET_NAME = /(?:token|passw|secret|signature|credential|api[-_]?key|^key$|^sig$|^code$)/i;

/** Masks the values of query parameters whose names sound secret. */
export function maskQuery(target: string): string {
  const start = target.indexOf("?");
  if (start < 0) return target;
  const pairs = target.slice(start + 1).split("&").map((pair) => {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    return equals >= 0 && SECRET_NAME.test(name) ? `${name}=***` : pair;
  });
  return `${target.slice(0, start)}?${pairs.join("&")}`;
}
