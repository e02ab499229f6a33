/**
 * The head of one part of a multipart body.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @module
 */

import { BadRequestError } from "../errors.ts";

/** What the head of a part says. */
export interface PartHead {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** The boundary that a `Content-Type` names, or undefined if it is not of multipart form data. */
export function boundaryOf(contentType: string | null): string | undefined {
  const [type, parameters] = splitParameters(contentType ?? "");
  if (type !== "multipart/form-data") return undefined;
  const boundary = parameters.get("boundary");
  if (boundary === undefined || !/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw new BadRequestError("Cannot read form: its boundary is missing or malformed");
  }
  return boundary;
}

const decoder = new TextDecoder();

// deno-lint-ignore no-control-regex -- They have no place in a header.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Reads the lines of a head. */
export function parsePartHead(bytes: Uint8Array): PartHead {
  const headers = new Map<string, string>();
  for (const line of decoder.decode(bytes).split("\r\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || CONTROL.test(line) || headers.has(name)) {
      throw new BadRequestError("Cannot read form: a part's header is malformed");
    }
    headers.set(name, line.slice(colon + 1).trim());
  }
  return { ...disposition(headers), headers };
}

function disposition(headers: ReadonlyMap<string, string>): Omit<PartHead, "headers"> {
  const [kind, parameters] = splitParameters(headers.get("content-disposition") ?? "");
  const name = parameters.get("name");
  if (kind !== "form-data" || name === undefined) {
    throw new BadRequestError("Cannot read form: a part has no name");
  }
  const filename = parameters.get("filename");
  const fallback = filename === undefined ? "text/plain" : "application/octet-stream";
  return {
    name: unescapeName(name),
    filename: filename === undefined ? undefined : baseName(unescapeName(filename)),
    type: headers.get("content-type") || fallback,
  };
}

/** What browsers escape in names; nothing else, for a name may hold a percent sign. */
function unescapeName(name: string): string {
  return name.replace(/%(22|0D|0A)/gi, (escape) => decodeURIComponent(escape));
}

/** A name without the folders that some clients put before it, and without control characters. */
function baseName(filename: string): string {
  const start = Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1;
  // deno-lint-ignore no-control-regex -- They are what is taken out.
  return filename.slice(start).replace(/[\x00-\x1f\x7f]/g, "");
}

/** Splits `type; key=value; key="value"`. Type and keys come in lower case. */
function splitParameters(line: string): [type: string, parameters: ReadonlyMap<string, string>] {
  const parameters = new Map<string, string>();
  let end = line.indexOf(";");
  const type = (end < 0 ? line : line.slice(0, end)).trim().toLowerCase();
  while (end >= 0 && end < line.length) {
    const equals = line.indexOf("=", end);
    if (equals < 0) break;
    const key = line.slice(end + 1, equals).trim().toLowerCase();
    const [value, next] = line[equals + 1] === '"'
      ? quoted(line, equals + 2)
      : token(line, equals + 1);
    if (!parameters.has(key)) parameters.set(key, value);
    end = next;
  }
  return [type, parameters];
}

function token(line: string, start: number): [value: string, end: number] {
  const semicolon = line.indexOf(";", start);
  const end = semicolon < 0 ? line.length : semicolon;
  return [line.slice(start, end).trim(), end];
}

/** Only `\"` is an escape: old browsers send whole Windows paths, whose backslashes mean themselves. */
function quoted(line: string, start: number): [value: string, end: number] {
  let end = start;
  while (end < line.length && line[end] !== '"') end += line.startsWith('\\"', end) ? 2 : 1;
  const semicolon = line.indexOf(";", end);
  return [line.slice(start, end).replaceAll('\\"', '"'), semicolon < 0 ? line.length : semicolon];
}
