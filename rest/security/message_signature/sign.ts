/**
 * Signing messages.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-3.1
 * @module
 */

import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "../../../core/clock.ts";
import { readCapped } from "../read_body.ts";
import { serializeDictionary } from "../structured_field/serialize.ts";
import type { BareItem, InnerList, Member } from "../structured_field/types.ts";
import type { MessageSigningKey } from "./algorithm.ts";
import { parseComponent, type SignedMessage } from "./component.ts";
import { contentDigest, type DigestAlgorithm } from "./content_digest.ts";
import { signatureBase } from "./signature_base.ts";

/** Options for {@link signMessage}. */
export interface SignMessageOptions {
  /** The key. */
  key: MessageSigningKey;
  /**
   * What is covered: names of header fields, derived components such as `@path`, or either with parameters as in
   * `"@query-param";name="page"`. Supported are `name`, `key`, `sf` (of known dictionaries) and `req`.
   * @default {`@method`, `@authority`, `@path`, `@query` of a request, `@status` of an answer, and `content-digest`}
   */
  components?: readonly string[];
  /** The name of the signature among several. @default {"sig"} */
  label?: string;
  /** When it was made, in seconds since the Unix epoch; `false` to leave it out. @default {now} */
  created?: number | false;
  /** How long it is good, in seconds, > 0. @default {as long as the receiver allows} */
  expiresInSeconds?: number;
  /** What makes it unique; `false` to leave it out. @default {16 random bytes in base64} */
  nonce?: string | false;
  /** What it is for, so that it cannot be used for something else. @default {left out} */
  tag?: string;
  /** Whether the algorithm is named. The receiver knows it from the key. @default {false} */
  nameAlgorithm?: boolean;
  /** The digest of the body, made if `content-digest` is covered and the message has none. @default {"sha-256"} */
  digest?: DigestAlgorithm;
  /** The request, if the message is an answer and parts of the request are covered by `req`. */
  request?: Request;
  /** What clients see of the service, where a proxy hides it. @default {that of the URL} */
  origin?: string;
  /** Largest body that is read for its digest, in bytes. @default {8_388_608} */
  maxBytes?: number;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/** The values of the two headers that carry a signature. */
export interface SignatureFields {
  /** The value of `Signature-Input`. */
  readonly signatureInput: string;
  /** The value of `Signature`. */
  readonly signature: string;
}

/** What a signature covers, unless said otherwise. */
const REQUEST_COMPONENTS = ["@method", "@authority", "@path", "@query", "content-digest"];
const ANSWER_COMPONENTS = ["@status", "content-digest"];

/**
 * Signs a message and answers a copy that carries the signature, beside those it may have. The digest of the body is added
 * where it is covered; the body of the message given is then used up.
 *
 * @throws {SyntaxError} If a component is malformed. Rejects with it.
 * @throws {MessageSignatureError} If a component that is covered has no value. Rejects with it.
 */
export async function signMessage<M extends Request | Response>(
  message: M,
  options: SignMessageOptions,
): Promise<M> {
  const defaults = message instanceof Request ? REQUEST_COMPONENTS : ANSWER_COMPONENTS;
  const components = options.components ?? defaults;
  const covered = components.includes("content-digest") && !message.headers.has("content-digest");
  const copy = covered ? await withDigest(message, options) : copyOf(message, message.body);
  const { signatureInput, signature } = createSignature(copy, { ...options, components });
  copy.headers.append("signature-input", signatureInput);
  copy.headers.append("signature", signature);
  return copy;
}

/**
 * Makes a signature of a message as it is, and adds nothing to it.
 *
 * @throws {SyntaxError} If a component is malformed.
 * @throws {MessageSignatureError} If a component that is covered has no value.
 */
export function createSignature(
  message: Request | Response,
  options: SignMessageOptions & Required<Pick<SignMessageOptions, "components">>,
): SignatureFields {
  const { key, components, label = "sig", request, origin } = options;
  const input: InnerList = {
    items: components.map(parseComponent),
    parameters: parametersOf(options),
  };
  const signed: SignedMessage = { message, request, origin };
  const base = new TextEncoder().encode(signatureBase(input, signed));
  const field = (member: Member) => serializeDictionary(new Map([[label, member]]));
  return {
    signatureInput: field(input),
    signature: field({ value: key.sign(base), parameters: new Map() }),
  };
}

function parametersOf(options: SignMessageOptions): Map<string, BareItem> {
  const { key, created, expiresInSeconds, nonce, tag, nameAlgorithm, clock = systemClock } =
    options;
  const now = Math.floor(clock.wallTime() / 1000);
  const parameters = new Map<string, BareItem>();
  if (created !== false) parameters.set("created", created ?? now);
  if (expiresInSeconds !== undefined) {
    if (!(expiresInSeconds > 0)) {
      throw new RangeError(`Cannot sign: need expiresInSeconds > 0, got ${expiresInSeconds}`);
    }
    parameters.set("expires", Math.ceil((created || now) + expiresInSeconds));
  }
  parameters.set("keyid", key.id);
  if (nameAlgorithm) parameters.set("alg", key.algorithm);
  if (nonce !== false) parameters.set("nonce", nonce ?? randomBytes(16).toString("base64"));
  if (tag !== undefined) parameters.set("tag", tag);
  return parameters;
}

async function withDigest<M extends Request | Response>(
  message: M,
  { digest, maxBytes = 8_388_608 }: SignMessageOptions,
): Promise<M> {
  const body = await readCapped(message, maxBytes);
  const copy = copyOf(message, message.body === null ? null : body);
  copy.headers.set("content-digest", contentDigest(body, digest));
  return copy;
}

function copyOf<M extends Request | Response>(message: M, body: BodyInit | null): M;
function copyOf(message: Request | Response, body: BodyInit | null): Request | Response {
  const headers = new Headers(message.headers);
  if (message instanceof Response) return new Response(body, { status: message.status, headers });
  const { url, method, signal } = message;
  return new Request(url, { method, headers, signal, body });
}
