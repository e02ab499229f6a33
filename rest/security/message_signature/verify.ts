/**
 * Checking the signatures of messages.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-3.2
 * @module
 */

import type { ReplayGuard } from "../replay_cache.ts";
import {
  type CheckedSignature,
  checkMessage,
  type SignatureRules,
  type VerifiedSignature,
} from "./check_message.ts";
import { MessageSignatureError } from "./errors.ts";

/** Options for {@link verifyMessage}. */
export interface VerifyMessageOptions extends SignatureRules {
  /** Remembers signatures, so that none is accepted twice. @default {they may come again} */
  replay?: ReplayGuard | undefined;
}

/**
 * Checks that a message has a signature that is good, recent enough, of a known key, and covers what it must. Of several
 * signatures one has to be so. The body is not read: compare it with the digest that is covered by `isDigestOf`, as the
 * middleware does.
 *
 * @throws {MessageSignatureError} Saying what is wrong with the first signature that is for us. Rejects with it.
 */
export async function verifyMessage(
  message: Request | Response,
  options: VerifyMessageOptions,
): Promise<VerifiedSignature> {
  const checked = await checkMessage(message, options);
  if (options.replay) await rememberSignature(checked, options.replay);
  return checked.signature;
}

/**
 * Remembers a signature.
 *
 * @throws {MessageSignatureError} If it was there before. Rejects with it.
 */
export async function rememberSignature(
  { replayId, expiresAtMs }: CheckedSignature,
  replay: ReplayGuard,
): Promise<void> {
  if (await replay.remember(replayId, expiresAtMs)) return;
  throw new MessageSignatureError("replay", "it was used before");
}
