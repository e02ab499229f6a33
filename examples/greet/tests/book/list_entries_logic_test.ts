import { assertEquals, assertNotEquals } from "@std/assert";
import { testServer } from "../test_server.ts";

Deno.test("GET /v1/book/entries takes a valid request", async () => {
  await using server = testServer();
  const response = await server.fetch(new Request("http://localhost/v1/book/entries"));
  await response.body?.cancel();
  assertNotEquals(response.status, 400);
});

Deno.test("GET /v1/book/entries refuses a request with a wrong size", async () => {
  await using server = testServer();
  const response = await server.fetch(new Request("http://localhost/v1/book/entries?size=101"));
  await response.body?.cancel();
  assertEquals(response.status, 400);
});
