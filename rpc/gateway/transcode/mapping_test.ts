import { assertEquals, assertThrows } from "@std/assert";
import { gatewayRoutes } from "../gateway_routes.ts";
import { servicesOfPool } from "../service/described_service.ts";
import { libraryPool, stand } from "../testdata/library.ts";

const mappings = [
  { Method: "post", Path: "/plain", RpcPath: "library.v1.Library/Plain" },
  { Method: "get", Path: "/plain", RpcPath: "/library.v1.Library/Plain" },
  { Method: "PUT", Path: "/plain/:title/:author.name", RpcPath: "library.v1.Library/Plain" },
];

const form = new FormData();
form.append("tags", "a");
form.append("tags", "b");
form.append("title", "t");
form.append("scan", new File(["x"], "x.bin"));

interface Row {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: BodyInit;
  readonly type?: string;
  /** What of the answer differs from an empty book. */
  readonly book?: Record<string, unknown>;
  readonly status?: number;
}

const rows: Row[] = [
  {
    name: "takes a query",
    method: "GET",
    path: "/plain?title=b&tags=x",
    book: { title: "b", tags: ["x"] },
  },
  {
    name: "takes lists with brackets",
    path: "/plain?marks[]=1&marks[]=2",
    book: { marks: [1, 2] },
  },
  { name: "drops empty values", path: "/plain?title=&tags=", book: {} },
  { name: "takes a body", path: "/plain", body: '{"title":"b"}', book: { title: "b" } },
  { name: "takes no body", path: "/plain", book: {} },
  {
    name: "puts the query over the body",
    path: "/plain?title=q&ok=true",
    body: '{"title":"b","big":9007199254740993,"author":{"name":"A","born":1}}',
    book: { title: "q", ok: true, big: "9007199254740993", author: { name: "A", born: "1" } },
  },
  {
    name: "puts the path over both",
    method: "PUT",
    path: "/plain/p/N?title=q",
    body: '{"title":"b","author":{"name":"A","born":1}}',
    book: { title: "p", author: { name: "N", born: "1" } },
  },
  {
    name: "puts the query over the body under either name",
    path: "/plain?snakeCaseName=q&author.born=2",
    body: '{"snake_case_name":"b","author":[{"name":"A"},{"name":"B","born":1}]}',
    book: { snakeCaseName: "q", author: { name: "B", born: "2" } },
  },
  {
    name: "puts the query in the place of what is no object",
    path: "/plain?author.born=2&counts[a]=1",
    body: '{"author":null,"counts":null}',
    book: { author: { born: "2" }, counts: { a: 1 } },
  },
  {
    name: "drops what leads nowhere",
    path:
      "/plain?counts[a].b=1&editors[a].name=1&counts=2&tags.x=3&others.name=4&nothing=5&author.none=6",
    book: {},
  },
  {
    name: "takes a form",
    path: "/plain?title=q",
    body: "tags=a&tags=b&price=1.5",
    type: "application/x-www-form-urlencoded",
    book: { title: "q", tags: ["a", "b"], price: 1.5 },
  },
  {
    name: "takes a form of parts",
    path: "/plain",
    body: form,
    book: { title: "t", tags: ["a", "b"] },
  },
  { name: "refuses a broken body", path: "/plain", body: "{", status: 400 },
  { name: "refuses a broken body beside a query", path: "/plain?title=q", body: "{", status: 400 },
  { name: "refuses a broken query", path: "/plain?a%1=b", status: 400 },
  {
    name: "takes a body that is null as none",
    path: "/plain?title=q",
    body: "null",
    book: { title: "q" },
  },
  { name: "refuses too many values", path: `/plain?${"tags=a&".repeat(2049)}`, status: 400 },
];

for (const { name, method = "POST", path, body, type, book, status = 200 } of rows) {
  Deno.test(`gatewayRoutes() with a mapping ${name}`, async () => {
    await using gateway = await stand({ mappings, json: { emitDefaults: false } });
    const headers: HeadersInit = type ? { "content-type": type } : {};
    const response = await gateway.fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const answer = await response.json();
    assertEquals(response.status, status);
    if (book) assertEquals(answer, book);
  });
}

Deno.test("gatewayRoutes() refuses a mapping of a method that is not there", () => {
  const services = servicesOfPool(libraryPool, {} as never);
  const make = () =>
    gatewayRoutes(services, { mappings: [{ Method: "get", Path: "/x", RpcPath: "a/B" }] });
  assertThrows(make, TypeError, "Cannot map GET /x: no service has the method a/B");
});

Deno.test("gatewayRoutes() refuses a mapping that takes the paths of an annotation", () => {
  const services = servicesOfPool(libraryPool, {} as never);
  const mapping = { Method: "get", Path: "/v1/books/:x", RpcPath: "library.v1.Library/Plain" };
  const make = () => gatewayRoutes(services, { mappings: [mapping] });
  assertThrows(
    make,
    TypeError,
    "Cannot add GET /v1/books/:x: /v1/books/{name} takes the same paths",
  );
});
