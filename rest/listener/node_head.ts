/**
 * What the parser of `node:http` lets through and a server at the edge must not.
 *
 * @see RFC 9112, sections 3.2, 6.1 and 6.3.
 * @module
 */

import type { IncomingMessage } from "node:http";

/** A request's head, checked. */
export interface NodeHead {
  /** The whole URL, its path just as the client wrote it. */
  readonly url: string;
  /** Names and values of the fields in turn, in their order. */
  readonly rawHeaders: readonly string[];
  /** Whether a body follows. */
  readonly hasBody: boolean;
  /** Whether the body comes in chunks. */
  readonly isChunked: boolean;
  /** About how many bytes it was on the wire. */
  readonly bytes: number;
}

/** Why a request is refused. */
export interface Refusal {
  /** The status to answer with. */
  readonly status: number;
  /** What is wrong, in the form of an error message. */
  readonly detail: string;
}

/** What a head is read with. */
export interface NodeHeadOptions {
  /** Most fields. */
  maxHeaders: number;
  /** `http` or `https`. */
  scheme: string;
  /** What stands for the host where HTTP/1.0 names none. */
  fallbackHost: string;
}

/** Reads the head of a request, or says why it is refused. */
export function readHead(message: IncomingMessage, options: NodeHeadOptions): NodeHead | Refusal {
  const { rawHeaders } = message;
  if (rawHeaders.length > 2 * options.maxHeaders) {
    return { status: 431, detail: `Cannot read request: more than ${options.maxHeaders} fields` };
  }
  const framing = readFields(rawHeaders);
  if (typeof framing === "string") return refused(framing);
  const { host, transferEncoding, contentLength } = framing;
  const isHttp10 = message.httpVersionMinor === 0;
  if (host === undefined && !isHttp10) return refused("it has no Host");
  if (host !== undefined && !isHost(host)) return refused("its Host is malformed");
  if (transferEncoding !== undefined) {
    // What another server on the way might read otherwise is a way to smuggle a request past it.
    if (transferEncoding.toLowerCase() !== "chunked" || isHttp10) {
      return refused("its Transfer-Encoding is not just chunked");
    }
  }
  const url = urlOf(message, options.scheme, host ?? options.fallbackHost);
  if (url === undefined) return refused("its target is malformed or for another host");
  return {
    url,
    rawHeaders,
    hasBody: transferEncoding !== undefined ||
      (contentLength !== undefined && contentLength !== "0"),
    isChunked: transferEncoding !== undefined,
    bytes: framing.bytes + url.length,
  };
}

let lastHost: string | undefined;

/** Whether `host` can be one. Most requests name the same, and to parse it is dear. */
function isHost(host: string): boolean {
  if (host === lastHost) return true;
  if (!HOST.test(host) || !URL.canParse(`http://${host}/`)) return false;
  lastHost = host;
  return true;
}

const HOST = /^[\w.~!$&'()*+,;=%:[\]-]+$/;

interface Fields {
  host: string | undefined;
  contentLength: string | undefined;
  transferEncoding: string | undefined;
  bytes: number;
}

/** The fields, and those of them that matter here; or what is wrong. Lengths spare most names a comparison. */
function readFields(rawHeaders: readonly string[]): Fields | string {
  const found: Fields = {
    host: undefined,
    contentLength: undefined,
    transferEncoding: undefined,
    bytes: 0,
  };
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    const value = rawHeaders[at + 1]!;
    found.bytes += name.length + value.length + 4; // The colon, a space, CR and LF.
    if (name.length === 4 && name.toLowerCase() === "host") {
      if (found.host !== undefined) return "it has two Hosts";
      found.host = value;
    } else if (name.length === 14 && name.toLowerCase() === "content-length") {
      if (found.contentLength !== undefined) return "it has two Content-Lengths";
      found.contentLength = value;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (found.transferEncoding !== undefined) return "it has two Transfer-Encodings";
      found.transferEncoding = value;
    }
  }
  return found;
}

/** The URL of a request. An absolute target must name the host that `Host` does. */
function urlOf(message: IncomingMessage, scheme: string, host: string): string | undefined {
  const target = message.url ?? "";
  const origin = `${scheme}://${host}`;
  if (target.startsWith("/")) return target.includes("#") ? undefined : origin + target;
  if (target === "*" && message.method === "OPTIONS") return `${origin}/*`;
  if (target.slice(0, origin.length).toLowerCase() !== origin.toLowerCase()) return undefined;
  const path = target.slice(origin.length);
  if (path === "") return `${origin}/`;
  return path.startsWith("/") && !path.includes("#") ? origin + path : undefined;
}

function refused(what: string): Refusal {
  return { status: 400, detail: `Cannot read request: ${what}` };
}
