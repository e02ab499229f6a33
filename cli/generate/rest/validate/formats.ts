/**
 * Rules on the form of a text, by their names in the tag `validate`.
 *
 * @module
 */

/** A form that a text must have. */
export interface TextFormat {
  /** Name of the function that checks it. */
  readonly helper: string;
  /** What the text must be, in words. */
  readonly about: string;
  /** Whether `value` has the form, as an expression. */
  readonly test: string;
  /** A text that has it. */
  readonly sample: string;
}

const HEX4 = "[\\da-f]{4}";
const HEX12 = "[\\da-f]{12}";
const LABEL = "[a-z\\d](?:[a-z\\d-]*[a-z\\d])?";
const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

function pattern(helper: string, about: string, source: string, sample: string): TextFormat {
  return { helper, about, test: `/^${source}.test(value)`, sample };
}

function uuid(helper: string, about: string, version: string, flags = ""): TextFormat {
  const middle = version === ""
    ? `(?:-${HEX4}){3}`
    : `-${HEX4}-${version}[\\da-f]{3}-[89ab][\\da-f]{3}`;
  const source = `[\\da-f]{8}${middle}-${HEX12}$/${flags}`;
  return pattern(helper, about, source, `f47ac10b-58cc-${version || 4}372-a567-0e02b2c3d479`);
}

/** Forms by the names of their rules. */
export const TEXT_FORMATS: Readonly<Record<string, TextFormat>> = {
  alpha: pattern("alpha", "letters of ASCII", "[a-z]+$/i", "text"),
  alphanum: pattern("alphanumeric", "letters and digits of ASCII", "[a-z\\d]+$/i", "text1"),
  alphanumunicode: pattern(
    "alphanumericUnicode",
    "letters and digits",
    "[\\p{L}\\p{N}]+$/u",
    "text1",
  ),
  alphaunicode: pattern("alphaUnicode", "letters", "\\p{L}+$/u", "text"),
  ascii: pattern("ascii", "characters of ASCII", "\\p{ASCII}*$/u", "text"),
  base64: pattern(
    "base64",
    "base64",
    "(?=.)(?:[a-z\\d+/]{4})*(?:[a-z\\d+/]{2}==|[a-z\\d+/]{3}=)?$/i",
    "AQID",
  ),
  boolean: pattern("booleanText", "true or false", "(?:1|t|true|0|f|false)$/i", "true"),
  e164: pattern(
    "phoneNumber",
    "a phone number such as +4930123456",
    "\\+[1-9]?\\d{7,14}$/",
    "+4930123456",
  ),
  email: {
    helper: "email",
    about: "an e-mail address",
    test: `/^[^\\s@"(),:;<>[\\\\\\]]+@(?:${LABEL}\\.)+[a-z]{2,63}$/i.test(value)`,
    sample: "ada@example.com",
  },
  fqdn: pattern("domainName", "a domain name", `(?:${LABEL}\\.)+[a-z]{2,63}\\.?$/i`, "example.com"),
  hexadecimal: pattern("hexadecimal", "a hexadecimal number", "(?:0x)?[\\da-f]+$/i", "ff"),
  hexcolor: pattern(
    "hexColor",
    "a colour such as #ff8800",
    "#(?:[\\da-f]{3,4}|[\\da-f]{6}|[\\da-f]{8})$/i",
    "#ff8800",
  ),
  hostname: pattern("hostName", "the name of a host", `${LABEL}(?:\\.${LABEL})*$/i`, "localhost"),
  http_url: {
    helper: "httpUrl",
    about: "an http or https URL",
    test: "/^https?:\\/\\/[^/]/i.test(value) && URL.canParse(value)",
    sample: "https://example.com/",
  },
  ipv4: pattern("ipv4", "an IPv4 address", `(?:${BYTE}(?:\\.(?!$)|$)){4}$/`, "192.0.2.1"),
  ipv6: {
    helper: "ipv6",
    about: "an IPv6 address",
    test: "/^[\\da-f:.]{2,45}$/i.test(value) && URL.canParse(`http://[${value}]/`)",
    sample: "2001:db8::1",
  },
  jwt: pattern("jwt", "a JSON Web Token", "[\\w-]+\\.[\\w-]+\\.[\\w-]*$/", "e30.e30.c2ln"),
  lowercase: {
    helper: "lowerCase",
    about: "in lower case",
    test: `value !== "" && value === value.toLowerCase()`,
    sample: "text",
  },
  number: pattern("digits", "digits", "\\d+$/", "1"),
  numeric: pattern("numeric", "a number", "[-+]?\\d+(?:\\.\\d+)?$/", "1"),
  printascii: pattern("printableAscii", "printable characters of ASCII", "[ -~]*$/", "text"),
  ulid: pattern("ulid", "a ULID", "[0-7][\\dA-HJKMNP-TV-Z]{25}$/i", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
  uppercase: {
    helper: "upperCase",
    about: "in upper case",
    test: `value !== "" && value === value.toUpperCase()`,
    sample: "TEXT",
  },
  uri: {
    helper: "uri",
    about: "a URL, or a path from the root",
    test: `value.startsWith("/") || URL.canParse(value)`,
    sample: "https://example.com/",
  },
  url: {
    helper: "url",
    about: "a URL",
    test: "URL.canParse(value)",
    sample: "https://example.com/",
  },
  uuid: uuid("uuid", "a UUID in lower case", ""),
  uuid3: uuid("uuid3", "a UUID of version 3 in lower case", "3"),
  uuid4: uuid("uuid4", "a UUID of version 4 in lower case", "4"),
  uuid5: uuid("uuid5", "a UUID of version 5 in lower case", "5"),
  uuid_rfc4122: uuid("uuidOfAnyCase", "a UUID", "", "i"),
};

/** Rules that mean the same as others. */
export const SAME_AS: ReadonlyMap<string, string> = new Map([
  ["hostname_rfc1123", "hostname"],
  ["ip4_addr", "ipv4"],
  ["ip6_addr", "ipv6"],
]);
