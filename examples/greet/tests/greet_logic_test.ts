import { assertEquals, assertNotEquals } from "@std/assert";
import { testServer } from "./test_server.ts";

Deno.test("GET /from/:name takes a valid request", async () => {
  await using server = testServer();
  const response = await server.fetch(new Request("http://localhost/from/you"));
  await response.body?.cancel();
  assertNotEquals(response.status, 400);
});

Deno.test("GET /from/:name refuses a request with a wrong name", async () => {
  await using server = testServer();
  const response = await server.fetch(new Request("http://localhost/from/not-an-option"));
  await response.body?.cancel();
  assertEquals(response.status, 400);
});
