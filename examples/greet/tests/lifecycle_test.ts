import { assertEquals } from "@std/assert";
import { testServer } from "./test_server.ts";

Deno.test("the service starts, answers and stops", async () => {
  const server = testServer();
  await server.start();
  const response = await fetch(`http://127.0.0.1:${server.address.port}/no-such-path`);
  await response.body?.cancel();
  await server.stop();
  assertEquals(response.status, 404);
});
