/**
 * The algorithms of message signatures, and the keys that each is for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-3.3
 * @module
 */

import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";

/** The algorithms, by their registered names. */
export type MessageAlgorithm =
  | "hmac-sha256"
  | "ed25519"
  | "ecdsa-p256-sha256"
  | "rsa-pss-sha512"
  | "rsa-v1_5-sha256";

/** The algorithms of key pairs. */
export type KeyPairAlgorithm = Exclude<MessageAlgorithm, "hmac-sha256">;

interface Rules {
  readonly hash: string | null;
  /** What the runtime calls the keys. */
  readonly types: readonly string[];
  readonly options: {
    readonly padding?: number;
    readonly saltLength?: number;
    readonly dsaEncoding?: "ieee-p1363";
  };
  /** Bytes of a signature, where that is fixed. */
  readonly length?: number;
}

const RULES: Readonly<Record<KeyPairAlgorithm, Rules>> = {
  "ed25519": { hash: null, types: ["ed25519"], options: {}, length: 64 },
  "ecdsa-p256-sha256": {
    hash: "sha256",
    types: ["ec"],
    options: { dsaEncoding: "ieee-p1363" },
    length: 64,
  },
  "rsa-pss-sha512": {
    hash: "sha512",
    types: ["rsa", "rsa-pss"],
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 },
  },
  "rsa-v1_5-sha256": {
    hash: "sha256",
    types: ["rsa"],
    options: { padding: constants.RSA_PKCS1_PADDING },
  },
};

const MIN_RSA_BITS = 2048;
const MIN_SECRET_BYTES = 16;

/** Options for a key that is shared by both sides. */
export interface SharedKeyOptions {
  /** The name of the key, as signatures have it in `keyid`. */
  id: string;
  /** The algorithm. */
  algorithm: "hmac-sha256";
  /** The secret: at least 16 bytes, best 32 random ones. */
  secret: Uint8Array;
}

/** Options for a private key. */
export interface PrivateKeyOptions {
  /** The name of the key, for `keyid`. */
  id: string;
  /** The algorithm. */
  algorithm: KeyPairAlgorithm;
  /** The private key in PEM. */
  privateKeyPem: string;
}

/** Options for a public key. */
export interface PublicKeyOptions {
  /** The name of the key, as signatures have it in `keyid`. */
  id: string;
  /** The algorithm. */
  algorithm: KeyPairAlgorithm;
  /** The public key in PEM. */
  publicKeyPem: string;
}

/** A key that signs. It is used with one algorithm and no other. */
export class MessageSigningKey {
  /** The name of the key. */
  readonly id: string;
  /** The algorithm. */
  readonly algorithm: MessageAlgorithm;
  readonly #sign: (data: Uint8Array) => Uint8Array<ArrayBuffer>;

  /**
   * Makes a key.
   *
   * @throws {TypeError} If the key cannot be read, or is none for the algorithm.
   * @throws {RangeError} If the key is too short.
   */
  constructor(options: SharedKeyOptions | PrivateKeyOptions) {
    this.id = options.id;
    this.algorithm = options.algorithm;
    if ("secret" in options) {
      const secret = checkedSecret(options.secret);
      this.#sign = (data) => hmac(secret, data);
    } else {
      const rules = RULES[options.algorithm];
      const key = readKey(() => createPrivateKey(options.privateKeyPem), options.algorithm);
      this.#sign = (data) => new Uint8Array(sign(rules.hash, data, { key, ...rules.options }));
    }
  }

  /** The signature of `data`. */
  sign(data: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#sign(data);
  }
}

/** A key that checks signatures. It is used with one algorithm and no other, whatever a signature says. */
export class MessageVerifyingKey {
  /** The name of the key. */
  readonly id: string;
  /** The algorithm. */
  readonly algorithm: MessageAlgorithm;
  readonly #verify: (data: Uint8Array, signature: Uint8Array) => boolean;

  /**
   * Makes a key.
   *
   * @throws {TypeError} If the key cannot be read, or is none for the algorithm.
   * @throws {RangeError} If the key is too short.
   */
  constructor(options: SharedKeyOptions | PublicKeyOptions) {
    this.id = options.id;
    this.algorithm = options.algorithm;
    if ("secret" in options) {
      const secret = checkedSecret(options.secret);
      this.#verify = (data, signature) => {
        const expected = hmac(secret, data);
        return expected.length === signature.length && timingSafeEqual(expected, signature);
      };
    } else {
      const rules = RULES[options.algorithm];
      const key = readKey(() => createPublicKey(options.publicKeyPem), options.algorithm);
      this.#verify = (data, signature) => isSigned(key, rules, data, signature);
    }
  }

  /** Whether `signature` is that of `data`. */
  verify(data: Uint8Array, signature: Uint8Array): boolean {
    return this.#verify(data, signature);
  }
}

function isSigned(
  key: KeyObject,
  { hash, options, length }: Rules,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (length !== undefined && signature.length !== length) return false;
  try {
    return verify(hash, data, { key, ...options }, signature);
  } catch {
    // A signature that cannot even be read.
    return false;
  }
}

function hmac(secret: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac("sha256", secret).update(data).digest());
}

function checkedSecret(secret: Uint8Array): Uint8Array {
  if (secret.length >= MIN_SECRET_BYTES) return secret;
  throw new RangeError(
    `Cannot use secret: it must have at least ${MIN_SECRET_BYTES} bytes, got ${secret.length}`,
  );
}

function readKey(read: () => KeyObject, algorithm: KeyPairAlgorithm): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // The cause may quote the key.
    throw new TypeError(`Cannot read key for ${algorithm}: it is no such key in PEM`);
  }
  const { asymmetricKeyType: type = "", asymmetricKeyDetails: details } = key;
  const isP256 = type !== "ec" || details?.namedCurve === "prime256v1";
  if (!RULES[algorithm].types.includes(type) || !isP256) {
    throw new TypeError(`Cannot use key for ${algorithm}: it is of another kind, ${type}`);
  }
  const bits = details?.modulusLength ?? MIN_RSA_BITS;
  if (bits >= MIN_RSA_BITS) return key;
  throw new RangeError(
    `Cannot use key for ${algorithm}: it must have at least ${MIN_RSA_BITS} bits, got ${bits}`,
  );
}
