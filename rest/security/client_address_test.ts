import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Context } from "../context.ts";
import { clientAddress, type ClientAddressOptions } from "./client_address.ts";
import { addressOfNode, parseForwarded } from "./forwarded.ts";
import { formatIp, IpBlocks, maskIp, parseIp } from "./ip_address.ts";

const texts: [text: string, written: string | undefined][] = [
  ["192.0.2.1", "192.0.2.1"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["256.0.0.1", undefined],
  ["1.2.3", undefined],
  ["1.2.3.4.5", undefined],
  ["01.2.3.4", undefined],
  ["1.2.3.4 ", undefined],
  ["0x7f.0.0.1", undefined],
  ["", undefined],
  ["::", "0:0:0:0:0:0:0:0"],
  ["::1", "0:0:0:0:0:0:0:1"],
  ["2001:DB8::17", "2001:db8:0:0:0:0:0:17"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:c000:201", "192.0.2.1"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0:0:0:c000:201"],
  ["1:2:3:4:5:6:7", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1::2::3", undefined],
  [":::", undefined],
  [":1:2:3:4:5:6:7", undefined],
  ["12345::", undefined],
  ["g::", undefined],
  ["1:2:3:4:5:6:7:1.2.3.4", undefined],
  ["[::1]", undefined],
];

for (const [text, written] of texts) {
  Deno.test(`parseIp() reads ${JSON.stringify(text)} as ${written}`, () => {
    const address = parseIp(text);
    assertEquals(address && formatIp(address), written);
  });
}

const blocks: [block: string, inside: string[], outside: string[]][] = [
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["11.0.0.0", "::10.0.0.1"]],
  ["192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127"]],
  ["192.0.2.7", ["192.0.2.7"], ["192.0.2.8"]],
  ["192.0.2.9/24", ["192.0.2.1"], ["192.0.3.1"]],
  ["0.0.0.0/0", ["1.2.3.4"], ["::1"]],
  ["fd00::/8", ["fd12::1"], ["fc00::1", "10.0.0.1"]],
  ["2001:db8::/33", ["2001:db8:7fff::"], ["2001:db8:8000::"]],
];

for (const [block, inside, outside] of blocks) {
  Deno.test(`IpBlocks.has() knows ${block}`, () => {
    const list = new IpBlocks([block]);
    for (const text of inside) assert(list.has(parseIp(text)!), text);
    for (const text of outside) assert(!list.has(parseIp(text)!), text);
  });
}

for (const block of ["", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "host", "/8"]) {
  Deno.test(`IpBlocks refuses ${JSON.stringify(block)}`, () => {
    assertThrows(() => new IpBlocks([block]), SyntaxError, "Cannot read block");
  });
}

Deno.test("maskIp() clears the bits behind", () => {
  assertEquals(formatIp(maskIp(parseIp("255.255.255.255")!, 13)), "255.248.0.0");
  assertEquals(formatIp(maskIp(parseIp("2001:db8:1:2:3::")!, 64)), "2001:db8:1:2:0:0:0:0");
});

const headers: [header: string, nodes: readonly string[]][] = [
  ["for=192.0.2.43", ["192.0.2.43"]],
  ['For="[2001:db8:cafe::17]:4711"', ["[2001:db8:cafe::17]:4711"]],
  ["for=192.0.2.60;proto=http;by=203.0.113.43", ["192.0.2.60"]],
  ["for=192.0.2.43, for=198.51.100.17", ["192.0.2.43", "198.51.100.17"]],
  ["by=a ; for=b , proto=c", ["b", ""]],
  ['for="a,b;c", for=d', ["a,b;c", "d"]],
  ['for="a\\"b"', ['a"b']],
  ["for=a,", ["a", ""]],
  ["for=a;", ["a"]],
  ["for=a;for=b", []],
  ["for=a b", []],
  ['for="a', []],
  ["for=[::1]", []],
  ["for", []],
  ["=a", []],
  ["x".repeat(9_000), []],
];

for (const [header, nodes] of headers) {
  Deno.test(`parseForwarded() reads ${header.slice(0, 50)}`, () => {
    assertEquals(parseForwarded(header), nodes);
  });
}

Deno.test("parseForwarded() takes any text, in time, and reads what was written", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const alphabet = 'for=by,; \t"\\[]:1.a';
  const text = (length: number, chars: string) =>
    Array.from({ length }, () => chars[next(chars.length)]).join("");
  for (let i = 0; i < 20_000; i++) parseForwarded(text(next(60), alphabet));
  for (let i = 0; i < 2_000; i++) {
    const nodes = Array.from({ length: 1 + next(5) }, () => text(1 + next(9), 'a1.:[]",;\\ '));
    const header = nodes.map((it) => `for="${it.replace(/["\\]/g, "\\$&")}";proto=http`).join(", ");
    assertEquals(parseForwarded(header), nodes);
  }
  const started = performance.now();
  for (const bad of ['"', "\\", " ", ";", ",", "for=", 'for="', "\\\\"]) {
    parseForwarded(bad.repeat(8_000 / bad.length));
  }
  assert(performance.now() - started < 500);
});

const nodes: [node: string, address: string][] = [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1:80", "192.0.2.1"],
  ["[::1]", "::1"],
  ["[::1]:80", "::1"],
  ["::1", "::1"],
  ["unknown", "unknown"],
  ["_proxy", "_proxy"],
];

for (const [node, address] of nodes) {
  Deno.test(`addressOfNode() takes ${address} from ${node}`, () => {
    assertEquals(addressOfNode(node), address);
  });
}

const NEAR = ["10.0.0.0/8", "fd00::/8"];
const clients: [
  what: string,
  peer: string,
  header: string | undefined,
  options: ClientAddressOptions,
  client: string,
][] = [
  ["the peer without proxies", "192.0.2.1:5", "203.0.113.9", {}, "192.0.2.1"],
  ["a peer of version 6", "[2001:db8::1]:5", undefined, {}, "2001:db8:0:0:0:0:0:1"],
  ["a peer that no proxy is", "192.0.2.1:5", "203.0.113.9", { trustedProxies: NEAR }, "192.0.2.1"],
  ["what a proxy says", "10.0.0.1:5", "203.0.113.9", { trustedProxies: NEAR }, "203.0.113.9"],
  ["the last that no proxy is", "10.0.0.1:5", "6.6.6.6, 203.0.113.9, 10.0.0.2", {
    trustedProxies: NEAR,
  }, "203.0.113.9"],
  [
    "the first proxy if all are",
    "10.0.0.1:5",
    "10.0.0.3, 10.0.0.2",
    { trustedProxies: NEAR },
    "10.0.0.3",
  ],
  ["the proxy if it says nothing", "10.0.0.1:5", undefined, { trustedProxies: NEAR }, "10.0.0.1"],
  [
    "the proxy if it says nonsense",
    "10.0.0.1:5",
    "6.6.6.6, evil",
    { trustedProxies: NEAR },
    "10.0.0.1",
  ],
  ["the proxy that hides it", "10.0.0.1:5", "6.6.6.6, unknown, 10.0.0.2", {
    trustedProxies: NEAR,
  }, "10.0.0.2"],
  ["a node with port", "10.0.0.1:5", "203.0.113.9:4711", { trustedProxies: NEAR }, "203.0.113.9"],
  [
    "a mapped address",
    "[::ffff:10.0.0.1]:5",
    "203.0.113.9",
    { trustedProxies: NEAR },
    "203.0.113.9",
  ],
  ["nobody", "", "203.0.113.9", { trustedProxies: NEAR }, ""],
  ["a socket that is not trusted", "/run/x", "203.0.113.9", { trustedProxies: NEAR }, "/run/x"],
  ["behind a socket", "/run/x", "203.0.113.9", { trustedProxies: ["unix"] }, "203.0.113.9"],
  ["Forwarded", "10.0.0.1:5", 'for=6.6.6.6, for="[2001:db8::9]:1";proto=https', {
    trustedProxies: NEAR,
    header: "forwarded",
  }, "2001:db8:0:0:0:0:0:9"],
  ["a malformed Forwarded", "10.0.0.1:5", 'for=6.6.6.6, for="', {
    trustedProxies: NEAR,
    header: "forwarded",
  }, "10.0.0.1"],
];

for (const [what, peer, header, options, client] of clients) {
  Deno.test(`clientAddress() tells ${what}`, () => {
    const name = options.header ?? "x-forwarded-for";
    const request = new Request("http://a/", { headers: header ? { [name]: header } : {} });
    const context = { remoteAddr: peer } as Context;
    assertEquals(clientAddress(options)(request, context), client);
  });
}

Deno.test("clientAddress() does not go through endless proxies", () => {
  const header = `6.6.6.6, ${Array(1_000).fill("10.0.0.2").join(", ")}`;
  const request = new Request("http://a/", {
    headers: { "x-forwarded-for": header.slice(-8_000) },
  });
  const context = { remoteAddr: "10.0.0.1:5" } as Context;
  assertEquals(clientAddress({ trustedProxies: NEAR })(request, context), "10.0.0.2");
});
