/**
 * Where keys come from, and which of them a token may be checked with.
 *
 * @module
 */

import {
  isKeyFor,
  type JsonWebKeyInput,
  publicFields,
  type PublicKeyAlgorithm,
} from "./algorithm.ts";
import { importFields, importPem } from "./driver.ts";

/** Finds the keys that a token may have been signed with. */
export interface KeySource {
  /**
   * Answers the keys that are for `algorithm` and, where both the token and the key have a name, of that name. None is
   * an answer too.
   */
  find(algorithm: PublicKeyAlgorithm, keyId: string | undefined): Promise<readonly CryptoKey[]>;
}

/** A key in PEM. */
export interface PemKey {
  /** A public key (`BEGIN PUBLIC KEY`) or a certificate. */
  readonly pem: string;
  /** The only algorithm it is used with. */
  readonly algorithm: PublicKeyAlgorithm;
  /** Its name, as tokens have it in `kid`. */
  readonly keyId?: string | undefined;
}

/** A token without a name of a key is tried with so many keys and no more. */
const MAX_CANDIDATES = 4;

/** Keys that are read once. */
export class KeyRing implements KeySource {
  readonly #keys: readonly JsonWebKeyInput[];
  /** A key that cannot be read is passed over: others of the set may be good. */
  readonly #imported = new Map<string, Promise<CryptoKey | undefined>>();

  /** Makes a ring of JSON Web Keys. Those that are for no signature of a public key are passed over. */
  constructor(keys: readonly JsonWebKeyInput[]) {
    this.#keys = keys;
  }

  /** Answers the keys of the ring that a token may have been signed with. */
  async find(
    algorithm: PublicKeyAlgorithm,
    keyId: string | undefined,
  ): Promise<readonly CryptoKey[]> {
    const found: Promise<CryptoKey | undefined>[] = [];
    for (const [index, key] of this.#keys.entries()) {
      if (!isKeyFor(key, algorithm) || !isNamed(key.kid, keyId)) continue;
      found.push(this.#import(index, key, algorithm));
      if (found.length === MAX_CANDIDATES) break;
    }
    return (await Promise.all(found)).filter((key) => key !== undefined);
  }

  #import(
    index: number,
    key: JsonWebKeyInput,
    algorithm: PublicKeyAlgorithm,
  ): Promise<CryptoKey | undefined> {
    const id = `${index} ${algorithm}`;
    let imported = this.#imported.get(id);
    if (!imported) {
      imported = importFields(publicFields(key), algorithm).catch(() => undefined);
      this.#imported.set(id, imported);
    }
    return imported;
  }
}

/**
 * Keys in PEM.
 *
 * @throws {TypeError} If one cannot be read as a key for its algorithm. Rejects with it.
 */
export async function pemKeys(keys: readonly PemKey[]): Promise<KeySource> {
  const ring = await Promise.all(keys.map(async ({ pem, algorithm, keyId }) => ({
    algorithm,
    keyId,
    key: await readPem(pem, algorithm),
  })));
  return {
    find: (algorithm, keyId) =>
      Promise.resolve(
        ring.filter((it) => it.algorithm === algorithm && isNamed(it.keyId, keyId))
          .slice(0, MAX_CANDIDATES).map(({ key }) => key),
      ),
  };
}

async function readPem(pem: string, algorithm: PublicKeyAlgorithm): Promise<CryptoKey> {
  try {
    return await importPem(pem, algorithm);
  } catch {
    // The cause may quote the key.
    throw new TypeError(
      `Cannot read key: it is no public key (BEGIN PUBLIC KEY) or certificate in PEM for ${algorithm}`,
    );
  }
}

function isNamed(own: string | undefined, wanted: string | undefined): boolean {
  return own === undefined || wanted === undefined || own === wanted;
}
