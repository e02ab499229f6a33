import { assertEquals } from "@std/assert";
import { isCompressible } from "./compressible.ts";
import { addVary, negotiateEncoding } from "./negotiate.ts";

const offers = ["br", "gzip"] as const;

const wishes: [accept: string | undefined, choice: string | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  [" ", undefined],
  ["identity", undefined],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["br, gzip", "br"],
  ["br;q=0.5, gzip", "gzip"],
  ["br;q=0.5, gzip;q=0.4", "br"],
  ["gzip;q=0", undefined],
  ["gzip;q=0, br;q=0.001", "br"],
  ["gzip;q=0.5, identity", undefined],
  ["*", "br"],
  ["br;q=0, *", "gzip"],
  ["*;q=0", undefined],
  ["zstd", undefined],
  ["gzip;q=many", undefined],
  [",,;q", undefined],
];

for (const [accept, choice] of wishes) {
  Deno.test(`negotiateEncoding() gives ${choice} for ${JSON.stringify(accept)}`, () => {
    const headers = new Headers(accept === undefined ? {} : { "accept-encoding": accept });
    assertEquals(negotiateEncoding(headers, offers), choice);
  });
}

const varies: [vary: string | undefined, result: string][] = [
  [undefined, "Accept-Encoding"],
  ["Origin", "Origin, Accept-Encoding"],
  ["origin, accept-encoding", "origin, accept-encoding"],
  ["*", "*"],
];

for (const [vary, result] of varies) {
  Deno.test(`addVary() makes ${result} of ${vary}`, () => {
    const headers = new Headers(vary === undefined ? {} : { vary });
    addVary(headers, "Accept-Encoding");
    assertEquals(headers.get("vary"), result);
  });
}

const types: [type: string, shrinks: boolean][] = [
  ["text/plain", true],
  ["application/json", true],
  ["application/atom+xml", true],
  ["image/svg+xml", true],
  ["text/event-stream", false],
  ["application/x-ndjson", false],
  ["image/png", false],
  ["application/zip", false],
  ["video/mp4", false],
  ["application/octet-stream", false],
  ["", false],
];

for (const [type, shrinks] of types) {
  Deno.test(`isCompressible() says ${shrinks} of ${JSON.stringify(type)}`, () => {
    assertEquals(isCompressible(type), shrinks);
  });
}
