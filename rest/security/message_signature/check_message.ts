/**
 * What a signature is held to, but for whether it was there before.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-3.2
 * @module
 */

import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../../../core/clock.ts";
import { parseDictionary } from "../structured_field/parse.ts";
import { serializeItem } from "../structured_field/serialize.ts";
import { type InnerList, isInnerList, type Member } from "../structured_field/types.ts";
import type { MessageVerifyingKey } from "./algorithm.ts";
import { parseComponent, type SignedMessage } from "./component.ts";
import { MessageSignatureError } from "./errors.ts";
import { readParameters, type SignatureParameters } from "./parameters.ts";
import { signatureBase } from "./signature_base.ts";

/** Finds the key that a signature names. What it answers decides the algorithm. */
export type FindKey = (
  keyId: string,
) => MessageVerifyingKey | undefined | Promise<MessageVerifyingKey | undefined>;

/** What signatures are held to. */
export interface SignatureRules {
  /** The keys, or what finds one by its name. */
  keys: readonly MessageVerifyingKey[] | FindKey;
  /**
   * What a signature must cover at least.
   * @default {`@method`, `@authority`, `@path`, `@query` of a request, `@status` of an answer}
   */
  requiredComponents?: readonly string[] | undefined;
  /** What a signature must be for; others are passed over. @default {anything} */
  tag?: string | undefined;
  /** How old a signature may be, in seconds, > 0. `Infinity` also accepts one without `created`. @default {300} */
  maxAgeSeconds?: number | undefined;
  /** How far clocks may be apart, in seconds, >= 0. @default {30} */
  leewaySeconds?: number | undefined;
  /** Whether a signature must have a nonce. @default {false} */
  requireNonce?: boolean | undefined;
  /** The request, if the message is an answer. */
  request?: Request | undefined;
  /** What clients see of the service, such as `https://api.example.com`, where a proxy hides it. */
  origin?: string | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** A signature that was found good. */
export interface VerifiedSignature extends SignatureParameters {
  /** Its name among several. It says nothing, anyone can change it. */
  readonly label: string;
  /** The key that it was made with. */
  readonly key: MessageVerifyingKey;
  /** What it covers, as it is written: `"@method"`, `"content-digest"`. What it does not cover nobody vouches for. */
  readonly components: readonly string[];
}

/** A signature that is good, and what it would be remembered by. */
export interface CheckedSignature {
  /** The signature. */
  readonly signature: VerifiedSignature;
  /** What nobody can make another of without the key. */
  readonly replayId: string;
  /** Until when it would be accepted, in ms since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** More signatures than that are not looked at. */
const MAX_SIGNATURES = 8;
const MAX_COMPONENTS = 64;

const REQUEST_COMPONENTS = ["@method", "@authority", "@path", "@query"];
const ANSWER_COMPONENTS = ["@status"];

/**
 * Finds the first signature that is good and for us.
 *
 * @throws {MessageSignatureError} Saying what is wrong with the first one for us. Rejects with it.
 */
export async function checkMessage(
  message: Request | Response,
  rules: SignatureRules,
): Promise<CheckedSignature> {
  const inputs = readField(message, "signature-input");
  const signatures = readField(message, "signature");
  let fault: unknown;
  let seen = 0;
  for (const [label, input] of inputs) {
    const signature = signatures.get(label);
    if (!signature || !isInnerList(input) || ++seen > MAX_SIGNATURES) continue;
    if (rules.tag !== undefined && input.parameters.get("tag") !== rules.tag) continue;
    try {
      return await checkOne({ label, input, signature }, message, rules);
    } catch (error) {
      if (!(error instanceof MessageSignatureError)) throw error;
      fault ??= error;
    }
  }
  throw fault ?? new MessageSignatureError("missing", "there is none for this service");
}

interface Candidate {
  readonly label: string;
  readonly input: InnerList;
  readonly signature: Member;
}

async function checkOne(
  { label, input, signature }: Candidate,
  message: Request | Response,
  options: SignatureRules,
): Promise<CheckedSignature> {
  const { request, origin, clock = systemClock } = options;
  if (isInnerList(signature) || !(signature.value instanceof Uint8Array)) {
    throw new MessageSignatureError("malformed", "it is no bytes");
  }
  const components = coveredComponents(input, message, options);
  const parameters = readParameters(input.parameters);
  const nowSeconds = clock.wallTime() / 1000;
  const expiresAtMs = checkTimes(parameters, options, nowSeconds);
  if (options.requireNonce && parameters.nonce === undefined) {
    throw new MessageSignatureError("malformed", "it has no nonce");
  }
  const key = await findKey(parameters, options.keys);
  const signed: SignedMessage = { message, request, origin };
  const base = new TextEncoder().encode(signatureBase(input, signed));
  if (!key.verify(base, signature.value)) {
    throw new MessageSignatureError("mismatch", "it does not match the message");
  }
  // Not by the signature: from one of ECDSA anyone can make another that is as good.
  const replayId = `${key.id} ${createHash("sha256").update(base).digest("base64")}`;
  return { signature: { ...parameters, label, key, components }, replayId, expiresAtMs };
}

function coveredComponents(
  input: InnerList,
  message: Request | Response,
  options: SignatureRules,
): readonly string[] {
  const defaults = message instanceof Request ? REQUEST_COMPONENTS : ANSWER_COMPONENTS;
  const required = options.requiredComponents ?? defaults;
  if (input.items.length > MAX_COMPONENTS) {
    throw new MessageSignatureError(
      "malformed",
      `it covers more than ${MAX_COMPONENTS} components`,
    );
  }
  const components = input.items.map(serializeItem);
  for (const name of required) {
    const id = serializeItem(parseComponent(name));
    if (!components.includes(id)) {
      throw new MessageSignatureError("coverage", `it does not cover ${id}`);
    }
  }
  return components;
}

/** Checks the times. Answers until when the signature would be accepted, in ms since the Unix epoch. */
function checkTimes(
  { created, expires }: SignatureParameters,
  { maxAgeSeconds = 300, leewaySeconds = 30 }: SignatureRules,
  now: number,
): number {
  if (created === undefined && maxAgeSeconds !== Infinity) {
    throw new MessageSignatureError("time", "it does not say when it was made");
  }
  if (created !== undefined && created > now + leewaySeconds) {
    throw new MessageSignatureError("time", "it was made in the future");
  }
  const end = Math.min((created ?? 0) + maxAgeSeconds, expires ?? Infinity) + leewaySeconds;
  if (now > end) throw new MessageSignatureError("time", "it is too old");
  return end * 1000;
}

async function findKey(
  { keyId, algorithm }: SignatureParameters,
  keys: SignatureRules["keys"],
): Promise<MessageVerifyingKey> {
  const found = keyId === undefined
    ? undefined
    : typeof keys === "function"
    ? await keys(keyId)
    : keys.find(({ id }) => id === keyId);
  if (!found) throw new MessageSignatureError("key", "its key is not known");
  if (algorithm !== undefined && algorithm !== found.algorithm) {
    throw new MessageSignatureError("algorithm", "its algorithm is not that of its key");
  }
  return found;
}

function readField(message: Request | Response, name: string): ReadonlyMap<string, Member> {
  const text = message.headers.get(name);
  if (text === null) throw new MessageSignatureError("missing", "there is none");
  try {
    return parseDictionary(text);
  } catch {
    throw new MessageSignatureError("malformed", `the header ${name} is malformed`);
  }
}
