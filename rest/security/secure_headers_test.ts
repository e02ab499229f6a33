import { assertEquals, assertThrows } from "@std/assert";
import { contentSecurityPolicy } from "./content_security_policy.ts";
import { secureHeaders, type SecureHeadersOptions } from "./secure_headers.ts";

async function headersOf(options?: SecureHeadersOptions, own?: HeadersInit) {
  const answer = secureHeaders(options)(() =>
    Promise.resolve(new Response(null, { headers: own }))
  );
  return Object.fromEntries((await answer(new Request("https://a/"), undefined)).headers);
}

const DEFAULTS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

Deno.test("secureHeaders() sets what is safe for an API", async () => {
  assertEquals(await headersOf(), DEFAULTS);
});

Deno.test("secureHeaders() leaves what a handler has set", async () => {
  const own = {
    "x-frame-options": "SAMEORIGIN",
    "content-security-policy": "script-src 'nonce-x'",
  };
  assertEquals(await headersOf({}, own), { ...DEFAULTS, ...own });
});

Deno.test("secureHeaders() leaves out what is switched off", async () => {
  const off = {
    contentSecurityPolicy: false,
    transportSecurity: false,
    noSniff: false,
    frameOptions: false,
    referrerPolicy: false,
    openerPolicy: false,
    resourcePolicy: false,
  } as const;
  assertEquals(await headersOf(off), {});
});

const lines: [options: SecureHeadersOptions, name: string, value: string][] = [
  [
    { transportSecurity: { maxAgeSeconds: 60, includeSubDomains: true, preload: true } },
    "strict-transport-security",
    "max-age=60; includeSubDomains; preload",
  ],
  [
    { permissionsPolicy: { camera: [], geolocation: ["self", "https://a.example"], usb: ["*"] } },
    "permissions-policy",
    'camera=(), geolocation=(self "https://a.example"), usb=(*)',
  ],
  [{ referrerPolicy: "no-referrer, origin" }, "referrer-policy", "no-referrer, origin"],
];

for (const [options, name, value] of lines) {
  Deno.test(`secureHeaders() writes ${name}: ${value}`, async () => {
    assertEquals((await headersOf(options))[name], value);
  });
}

const faults: [options: SecureHeadersOptions, error: typeof SyntaxError | typeof RangeError][] = [
  [{ transportSecurity: { maxAgeSeconds: -1 } }, RangeError],
  [{ transportSecurity: { maxAgeSeconds: 1.5 } }, RangeError],
  [{ referrerPolicy: "a\r\nb" }, SyntaxError],
  [{ permissionsPolicy: { "a b": [] } }, SyntaxError],
  [{ permissionsPolicy: { usb: ['"'] } }, SyntaxError],
  [{ contentSecurityPolicy: { "img-src": ["a; script-src *"] } }, SyntaxError],
  [{ contentSecurityPolicy: { "img-src": ["a, b"] } }, SyntaxError],
  [{ contentSecurityPolicy: { "img-src": [""] } }, SyntaxError],
  [{ contentSecurityPolicy: { "img src": [] } }, SyntaxError],
];

for (const [options, error] of faults) {
  Deno.test(`secureHeaders() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => secureHeaders(options), error, "Cannot");
  });
}

Deno.test("contentSecurityPolicy() writes directives without sources", () => {
  const policy = contentSecurityPolicy({
    "default-src": ["'self'", "https://cdn.example:8443/a?b=c", "'nonce-abc+/='"],
    "upgrade-insecure-requests": [],
  });
  assertEquals(
    policy,
    "default-src 'self' https://cdn.example:8443/a?b=c 'nonce-abc+/='; upgrade-insecure-requests",
  );
});
