import { MASK } from "../log/redact.ts";

/** Nobody reads a longer value, and patterns take long over it. */
const MAX_LENGTH = 4096;

/** `scheme://user:password@host`, and the user alone, which for some services is the key. */
const URL_USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi;
/** `user:password@tcp(host:port)/database`, as drivers for MySQL have it. */
const DSN_USER =
  /(^|[\s"'=])[^\s/?#:@"']+:(?!\/\/)[^\s]*@(?=[a-z]*\(|\[?[\w.-]+\]?(?::\d+)?(?:[/?]|$))/gi;
/** `key=value` and `key: value` in connection strings, query strings and headers. */
const SECRET_PAIR =
  /([\w.-]{0,40}(?:pass|pwd|secret|token|key|auth|sig|credential|session|code)[\w.-]{0,40}\s*[=:]\s*)("[^"]*"|'[^']*'|[^&;\s,]+)/gi;
/** `Bearer x`, `Basic x`: what an Authorization header holds. */
const AUTH_SCHEME = /\b(bearer|basic|digest|token|apikey)\s+[\w.~+/=-]{6,}/gi;
/** The body of a PEM file, keys and certificates alike. */
const PEM = /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g;
/** A JSON Web Token, or the part of one. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;
/** What well-known services begin their keys with. */
const VENDOR_KEY =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{12,}|(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abpr]|npm)[-_][\w-]{10,}|AIza[\w-]{20,})/g;
/** A word that could be nothing but random: long, and of the letters of hex or base64. */
const LONG_WORD = /[A-Za-z0-9+/_=-]{20,}/g;

/**
 * Masks what looks like a secret within a text whose key does not say that it is one: passwords in
 * addresses, tokens, keys. It would rather mask too much.
 */
export function maskSecretText(text: string): string {
  if (text.length > MAX_LENGTH) return MASK;
  return text
    .replace(PEM, MASK)
    .replace(URL_USER, `$1${MASK}@`)
    .replace(DSN_USER, `$1${MASK}@`)
    .replace(AUTH_SCHEME, `$1 ${MASK}`)
    .replace(JWT, MASK)
    .replace(VENDOR_KEY, MASK)
    .replace(SECRET_PAIR, `$1${MASK}`)
    .replace(LONG_WORD, (word) => isRandom(word) ? MASK : word);
}

/** Paths and names are made of words; keys mix digits with letters throughout. */
function isRandom(word: string): boolean {
  if (/^[0-9a-f]{20,}$/i.test(word)) return true;
  const letters = word.match(/[A-Za-z]/g)?.length ?? 0;
  const digits = word.match(/[0-9]/g)?.length ?? 0;
  const changes = word.match(/[a-z][A-Z0-9]|[0-9][A-Za-z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return digits >= 3 && letters >= 3 && changes >= 5;
}
