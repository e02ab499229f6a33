import { assertEquals, assertNotEquals } from "@std/assert";
import { testServer } from "../test_server.ts";

Deno.test("POST /v1/book/entries takes a valid request", async () => {
  await using server = testServer();
  const response = await server.fetch(
    new Request("http://localhost/v1/book/entries", {
      method: "POST",
      headers: {
        "content-type": "application/json",
      },
      body: JSON.stringify({
        name: "text",
        message: "text",
      }),
    }),
  );
  await response.body?.cancel();
  assertNotEquals(response.status, 400);
});

Deno.test("POST /v1/book/entries refuses a request without name", async () => {
  await using server = testServer();
  const response = await server.fetch(
    new Request("http://localhost/v1/book/entries", {
      method: "POST",
      headers: {
        "content-type": "application/json",
      },
      body: JSON.stringify({
        message: "text",
      }),
    }),
  );
  await response.body?.cancel();
  assertEquals(response.status, 400);
});

Deno.test("POST /v1/book/entries refuses a request with a wrong stars", async () => {
  await using server = testServer();
  const response = await server.fetch(
    new Request("http://localhost/v1/book/entries", {
      method: "POST",
      headers: {
        "content-type": "application/json",
      },
      body: JSON.stringify({
        name: "text",
        message: "text",
        stars: 6,
      }),
    }),
  );
  await response.body?.cancel();
  assertEquals(response.status, 400);
});
