import { assertEquals, assertThrows } from "@std/assert";
import { parseConfig } from "../../core/conf/parse.ts";
import { object } from "../../core/schema/object.ts";
import { type McpConf, mcpConfig, mcpFromConfig } from "./config.ts";

const yaml = (text: string): McpConf =>
  parseConfig(object({ Mcp: mcpConfig }), text, "yaml", { onWarning: () => {} }).Mcp;

Deno.test("mcpConfig has defaults for all, and the section may be absent", () => {
  assertEquals(yaml("Other: 1"), {
    Version: "1.0.0",
    MessageEndpoint: "/mcp",
    Cors: [],
    MessageTimeout: 30_000,
  });
});

Deno.test("mcpConfig reads the section of a go-zero service", () => {
  const section = yaml(
    "mcp:\n  name: shop\n  version: 2.1.0\n  useStreamable: true\n  sseEndpoint: /sse/:scope\n" +
      "  messageEndpoint: /message\n  cors: [https://example.com]\n  sseTimeout: 24h\n  messageTimeout: 1m\n",
  );
  assertEquals(section, {
    Name: "shop",
    Version: "2.1.0",
    MessageEndpoint: "/message",
    SseEndpoint: "/sse/:scope",
    Cors: ["https://example.com"],
    MessageTimeout: 60_000,
  });
});

Deno.test("mcpFromConfig() serves where the section says, for as long as it says", async () => {
  const section = yaml("Mcp: { SseEndpoint: /sse, MessageEndpoint: /message, MessageTimeout: 1s }");
  await using mcp = mcpFromConfig(section, { name: "a", maxBytes: 10 });
  assertEquals(mcp.routes().map(({ method, path, timeoutMs }) => [method, path, timeoutMs]), [
    ["GET", "/sse", 1_000],
    ["POST", "/sse", 1_000],
    ["POST", "/message", 1_000],
    ["GET", "/message", 1_000],
    ["DELETE", "/message", 1_000],
  ]);
});

Deno.test("mcpFromConfig() refuses a limit that is none", () => {
  assertThrows(() => mcpFromConfig(yaml(""), { name: "a", maxBytes: 0 }), RangeError, "maxBytes");
});
