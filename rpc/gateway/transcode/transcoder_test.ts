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
const BOOK = {
  name: "",
  title: "",
  kind: "NONE",
  big: "0",
  ok: false,
  tags: [],
  author: null,
  ts: null,
  counts: {},
  scan: "",
  price: 0,
  marks: [],
  votes: null,
  lent: null,
  loan: null,
  mask: null,
  extra: null,
  editors: {},
  others: [],
  serial: "0",
  snakeCaseName: "",
};
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

  {
    name: "puts a query into nested, repeated and enum fields",
    path:
      "/v1/books/x?filter.author.name=N&filter.author.born=9007199254740993&sizes=1&sizes=2&deep=true" +
      "&kind=ATLAS&filter.tags=a&filter.snake_case_name=s&filter.ts=2020-01-02T03:04:05Z&filter.loan=1.5s" +
      "&filter.votes=7&filter.lent=true&filter.mask=title,bigName&filter.counts[k.1]=3&filter.price=1.5&unknown=1&filter.none.x=1",
    answer: {
      ...GET,
      name: "x",
      sizes: [1, 2],
      deep: true,
      kind: "ATLAS",
      filter: {
        ...BOOK,
        author: { name: "N", born: "9007199254740993" },
        tags: ["a"],
        snakeCaseName: "s",
        ts: "2020-01-02T03:04:05Z",
        loan: "1.500s",
        votes: "7",
        lent: true,
        mask: "title,bigName",
        counts: { "k.1": 3 },
        price: 1.5,
      },
    },
  },
  {
    name: "takes enums by number, lists with brackets and drops empty values",
    path: "/v1/books/x?kind=1&sizes[]=3&sizes[]=4&deep=",
    answer: { ...GET, name: "x", kind: "NOVEL", sizes: [3, 4] },
  },
  {
    name: "takes the last of several values for one",
    path: "/v1/books/x?deep=true&deep=false&filter.title=a&filter.title=b",
    answer: { ...GET, name: "x", filter: { ...BOOK, title: "b" } },
  },
  {
    name: "lets the path win over the query",
    path: "/v1/books/x?name=y",
    answer: { ...GET, name: "x" },
  },
  {
    name: "refuses an enum that has no such value",
    path: "/v1/books/x?kind=TOME",
    status: 400,
    answer: 400,
  },
  { name: "refuses a number that is none", path: "/v1/books/x?sizes=a", status: 400, answer: 400 },
  {
    name: "refuses a number out of range",
    path: "/v1/books/x?sizes=2147483648",
    status: 400,
    answer: 400,
  },
  { name: "refuses a malformed query", path: "/v1/books/x?a%1=b", status: 400, answer: 400 },
  {
    name: "puts a body into a field and the query beside it",
    method: "POST",
    path: "/v1/shelves/7/books?note=n&book.title=no&mask=title",
    body: { title: "T", author: { name: "A" } },
    answer: {
      ...PUT,
      shelf: "shelves/7",
      book: { ...BOOK, title: "T", author: { name: "A", born: "0" } },
      mask: "title",
      note: "n",
    },
  },
  {
    name: "answers one field, and puts the path within the body",
    method: "PUT",
    path: "/v1/books/b1?note=ignored",
    body: { book: { title: "T", name: "other" }, note: "n" },
    answer: { ...BOOK, name: "b1", title: "T" },
  },
  {
    name: "puts the path within a field that is the body",
    method: "PATCH",
    path: "/v1/books/b1",
    body: { title: "T" },
    answer: { ...PUT, book: { ...BOOK, name: "b1", title: "T" } },
  },
  {
    name: "leaves nothing for the query where the body is all",
    method: "POST",
    path: "/v1/echo?title=q&a%1=b",
    body: { color: "red" },
    answer: { ...BOOK, color: "red" },
  },
  { name: "answers an empty message", method: "DELETE", path: "/v1/books/b1", answer: {} },
  {
    name: "takes a verb",
    method: "POST",
    path: "/v1/books/b1:archive",
    body: {},
    answer: { ...GET, name: "b1" },
  },
  {
    name: "takes a verb by another method",
    path: "/v1/books/a:b:archive",
    answer: { ...GET, name: "a:b" },
  },
  {
    name: "takes a colon that is no verb as text",
    path: "/v1/books/a:b",
    answer: { ...GET, name: "a:b" },
  },
  {
    name: "knows methods of its own",
    method: "PURGE",
    path: "/v1/books/b1",
    answer: { ...GET, name: "b1" },
  },
  {
    name: "knows a rule for every method",
    method: "OPTIONS",
    path: "/v1/any/b1",
    answer: { ...GET, name: "b1" },
  },
  { name: "says what there is not", path: "/v1/nothing", status: 404, answer: 404 },
  {
    name: "says which method there is not",
    method: "POST",
    path: "/v1/echo/x",
    status: 404,
    answer: 404,
  },
  { name: "says that the method is another", path: "/v1/echo", status: 405, answer: 405 },
  {
    name: "says so for a template with a rest too",
    method: "POST",
    path: "/v1/all/x",
    status: 405,
    answer: 405,
  },
  {
    name: "answers all fields of an empty message",
    method: "POST",
    path: "/v1/echo",
    body: {},
    answer: BOOK,
  },
  {
    name: "takes no body for an empty message",
    method: "POST",
    path: "/v1/echo",
    body: "",
    answer: BOOK,
  },
  {
    name: "is lenient about JSON",
    method: "POST",
    path: "/v1/echo",
    body:
      '{"kind":"2","big":9007199254740993,"ok":"true","tags":"one","title":["a","b"],"unknown":{"x":1},' +
      '"author":null,"counts":{"a":"5"},"editors":{"e":{"name":"E","x":1}},"others":{"name":"O"},' +
      '"extra":{"a":[1,2.5,"x",null,{"b":true}]},"serial":18446744073709551615,"snake_case_name":"s",' +
      '"price":"1e3","lent":"false","votes":9007199254740993,"marks":["-1",2],"pages":0,"color":"red"}',
    answer: {
      ...BOOK,
      kind: "ATLAS",
      big: "9007199254740993",
      ok: true,
      tags: ["one"],
      title: "b",
      counts: { a: 5 },
      editors: { e: { name: "E", born: "0" } },
      others: [{ name: "O", born: "0" }],
      extra: { a: [1, 2.5, "x", null, { b: true }] },
      serial: "18446744073709551615",
      snakeCaseName: "s",
      price: 1000,
      lent: false,
      votes: "9007199254740993",
      marks: [-1, 2],
      pages: 0,
      color: "red",
    },
  },
  {
    name: "writes what is no number as text, and bytes as base64",
    method: "POST",
    path: "/v1/echo",
    body: { price: "NaN", scan: "_-8" },
    answer: { ...BOOK, price: "NaN", scan: "/+8=" },
  },
  {
    name: "refuses a body that is no JSON",
    method: "POST",
    path: "/v1/echo",
    body: "{",
    status: 400,
    answer: 400,
  },
  {
    name: "refuses a second document",
    method: "POST",
    path: "/v1/echo",
    body: "{}{}",
    status: 400,
    answer: 400,
  },
  {
    name: "refuses a body that is no object",
    method: "POST",
    path: "/v1/echo",
    body: "[1]",
    status: 400,
    answer: 400,
  },
  {
    name: "refuses two of a oneof",
    method: "POST",
    path: "/v1/echo",
    body: { color: "a", painter: {} },
    status: 400,
    answer: 400,
  },
  {
    name: "takes a body that is null as none",
    method: "POST",
    path: "/v1/echo",
    body: "null",
    answer: BOOK,
  },
  {
    name: "refuses JSON that is too deep",
    method: "POST",
    path: "/v1/echo",
    body: '{"extra":' + '{"a":'.repeat(80) + "1" + "}".repeat(81),
    status: 400,
    answer: 400,
  },
  {
    name: "adds up many messages",
    method: "POST",
    path: "/v1/sum",
    body: '{"value":1}{"value":2}\n{"value":"39"}',
    answer: { value: 42 },
  },
  {
    name: "takes no message of many",
    method: "POST",
    path: "/v1/sum",
    body: "",
    answer: { value: 0 },
  },
];

for (const { name, method = "GET", path, body, status = 200, answer } of rows) {
  Deno.test(`gatewayRoutes() ${name}`, async () => {
    await using gateway = await stand();
    const init = body === undefined
      ? { method }
      : { method, body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await gateway.fetch(path, init);
    const json = await response.json();
    assertEquals([response.status, status === 200 ? json : json.status], [status, answer]);
  });
}
