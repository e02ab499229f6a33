import { assertEquals } from "@std/assert";
import { testServer } from "../test_server.ts";

const URL = "http://localhost/v1/book/entries";

function sign(body: Record<string, unknown>, requestId: string): Request {
  return new Request(URL, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": requestId },
    body: JSON.stringify(body),
  });
}

Deno.test("the guest book keeps an entry once, however often its request is sent", async () => {
  await using server = testServer();
  const ada = { name: "Ada", message: "Lovely", stars: 4, tags: ["food"] };
  for (const id of ["1", "1", "2"]) {
    const response = await server.fetch(sign(ada, id));
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
  const response = await server.fetch(new Request(`${URL}?size=1&minStars=4`));
  assertEquals(await response.json(), { entries: [{ id: 2, ...ada }], total: 2 });
});

const refused = [
  { name: "stars out of range", body: { name: "A", message: "B", stars: 6 }, field: "stars" },
  { name: "an unknown tag", body: { name: "A", message: "B", tags: ["sea"] }, field: "tags[0]" },
  { name: "no message", body: { name: "A" }, field: "message" },
  { name: "a picture without text", body: { name: "A", message: "B", picture: "x" }, field: "p" },
];
for (const { name, body, field } of refused) {
  Deno.test(`the guest book refuses ${name} and names the member`, async () => {
    await using server = testServer();
    const response = await server.fetch(sign(body, "1"));
    const problem: { issues: { path: string }[] } = await response.json();
    assertEquals(response.status, 400);
    assertEquals(problem.issues.every(({ path }) => path.startsWith(field)), true);
  });
}
