import { assertEquals } from "@std/assert";
import { stand } from "../testdata/library.ts";

interface Row {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
  /** What the answer has at least. */
  readonly answer: unknown;
}

const GET = { name: "", filter: null, sizes: [], deep: false, kind: "NONE" };
const PUT = { shelf: "", book: null, mask: null, note: "" };

const rows: Row[] = [
  {
    name: "takes a variable of several segments",
    path: "/v1/shelves/a/books/b%20c",
    answer: { ...GET, name: "shelves/a/books/b c" },
  },
  {
    name: "leaves an escaped slash in a variable of several segments",
    path: "/v1/shelves/a%2fb/books/c%25d",
    answer: { ...GET, name: "shelves/a%2Fb/books/c%d" },
  },
  {
    name: "decodes a variable of one segment",
    path: "/v1/books/a%2Fb",
    answer: { ...GET, name: "a/b" },
  },
  { name: "takes the rest of a path", path: "/v1/all/a/b/c", answer: { ...GET, name: "a/b/c" } },
  { name: "takes an empty rest of a path", path: "/v1/all", answer: GET },
];

for (const { name, method = "GET", path, body, status = 200, answer } of rows) {
  Deno.test(`gatewayRoutes() ${name}`, async () => {
    await using gateway = await stand();
    const init = body === undefined
      ? { method }
      : { method, body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await gateway.fetch(path, init);
    const text = await response.text();
    assertEquals([response.status, text === "" ? "" : JSON.parse(text)], [status, answer]);
  });
}
