import { assertEquals, assertThrows } from "@std/assert";
import { BadRequestError } from "../../../rest/errors.ts";
import { Metadata } from "../../metadata.ts";
import { addMetadataHeaders, metadataOfHeaders } from "./metadata_headers.ts";

const requests: [name: string, headers: HeadersInit, metadata: [string, unknown][]][] = [
  ["drops what is not its own", { a: "b", cookie: "c", authorization: "d" }, []],
  [
    "renames grpc-metadata",
    { "grpc-metadata-a": "b", "grpc-metadata-b": "b" },
    [["gateway-a", "b"], ["gateway-b", "b"]],
  ],
  [
    "keeps the trace",
    { traceparent: "t", tracestate: "s", baggage: "b" },
    [["baggage", "b"], ["traceparent", "t"], ["tracestate", "s"]],
  ],
  [
    "takes any case",
    { TraceParent: "t", TRACESTATE: "s", "Grpc-Metadata-Custom": "v" },
    [["gateway-custom", "v"], ["traceparent", "t"], ["tracestate", "s"]],
  ],
  [
    "mixes them",
    { traceparent: "t", "grpc-metadata-custom": "value1", "content-type": "x", tracestate: "s" },
    [["gateway-custom", "value1"], ["traceparent", "t"], ["tracestate", "s"]],
  ],
  ["reads bytes", { "grpc-metadata-k-bin": "AQI=, /w" }, [
    ["gateway-k-bin", Uint8Array.of(1, 2)],
    ["gateway-k-bin", Uint8Array.of(255)],
  ]],
  ["drops a prefix without a name", { "grpc-metadata-": "x" }, []],
];

for (const [name, headers, metadata] of requests) {
  Deno.test(`metadataOfHeaders() ${name}`, () => {
    assertEquals([...metadataOfHeaders(new Headers(headers))], metadata);
  });
}

Deno.test("metadataOfHeaders() refuses what metadata cannot be", () => {
  const headers: HeadersInit[] = [{ "grpc-metadata-a": "\xfc" }, { "grpc-metadata-a-bin": "*" }];
  for (const each of headers) {
    assertThrows(
      () => metadataOfHeaders(new Headers(each)),
      BadRequestError,
      "Cannot send header",
    );
  }
});

type Values = [name: string, values: (string | Uint8Array)[]][];

const answers: [name: string, header: Values, trailer: Values, headers: [string, string][]][] = [
  [
    "names the header",
    [["content-type", ["application/json"]], ["x-custom-header", ["value1", "value2"]]],
    [],
    [
      ["grpc-metadata-content-type", "application/json"],
      ["grpc-metadata-x-custom-header", "value1, value2"],
    ],
  ],
  ["names the trailer", [], [["x-custom-header", ["value1", "value2"]]], [
    ["grpc-trailer-x-custom-header", "value1, value2"],
  ]],
  ["writes bytes", [["a-bin", [Uint8Array.of(1, 255)]]], [], [["grpc-metadata-a-bin", "Af8="]]],
];

for (const [name, header, trailer, expected] of answers) {
  Deno.test(`addMetadataHeaders() ${name}`, () => {
    const headers = new Headers();
    const call = { header: Metadata.received(header), trailer: Metadata.received(trailer) };
    addMetadataHeaders(headers, call);
    assertEquals([...headers], expected);
  });
}

Deno.test("addMetadataHeaders() adds values up", () => {
  const header = new Metadata([["x-header-1", "value1"], ["x-header-1", "value2"]]);
  const headers = new Headers();
  addMetadataHeaders(headers, { header });
  assertEquals([...headers], [["grpc-metadata-x-header-1", "value1, value2"]]);
});
