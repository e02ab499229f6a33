/** Tests of binding: from a request to values, through the server's own chain. */
import { assertEquals } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import {
  any,
  array,
  bigint,
  boolean,
  duration,
  float64,
  int,
  int8,
  map,
  string,
  timestamp,
} from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";
import type { StandardSchemaV1 } from "../../core/schema/standard.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { type BindOptions, bindRequest, type StandardBindOptions } from "./bind.ts";

interface Ask extends RequestInit {
  path?: string;
  options?: BindOptions & StandardBindOptions;
}

/** What the handler got, or the status and the first issues of a refusal. */
async function bound<T>(
  schema: ObjectSchema<T> | StandardSchemaV1<unknown, T>,
  { path = "/", options, ...init }: Ask,
): Promise<unknown> {
  const config = { Name: "test", Port: 0, MaxBytes: 32 * 1024 * 1024 };
  await using server = new Server(config, { log: new MemoryLog() });
  for (const method of ["GET", "POST", "DELETE"]) {
    server.addRoutes(["/", "/users/:id"].map((path) => ({
      method,
      path,
      handler: async (_request, context) => json(await bindRequest(schema, context, options)),
    })));
  }
  const response = await server.fetch(new Request("http://localhost" + path, init));
  const body = await response.json();
  if (response.status === 200) return body;
  const issues = body.issues?.map((issue: { path: string; code: string }) =>
    `${issue.path}:${issue.code}`
  );
  return [response.status, ...issues ?? [body.detail]];
}

function form<F extends Parameters<typeof object>[0]>(fields: F): ObjectSchema<unknown> {
  const inForm = Object.entries(fields).map(([key, field]) => [key, field.in("form")]);
  return object(Object.fromEntries(inForm));
}

const person = form({ name: string(), age: int(), percent: float64().optional() });
const names = form({ names: array(string()) });
const numbers = form({ numbers: array(int()) });
const optionalNumbers = form({ numbers: array(int()).optional() });
const name = form({ name: string() });
const nameList = form({ name: array(string()) });
const optionalList = form({ name: array(string()).optional() });
const age = form({ age: int().range("[10:20)") });

const queries: [what: string, schema: ObjectSchema<unknown>, query: string, result: unknown][] = [
  ["scalars", person, "name=hello&age=18&percent=3.4", { name: "hello", age: 18, percent: 3.4 }],
  ["a text with commas", form({ names: string() }), "names=1,2,3", { names: "1,2,3" }],
  ["a list without splitting it", names, "names=1,2,3", { names: ["1,2,3"] }],
  ["no numbers in a text with commas", numbers, "numbers=1,2,3", [400, "numbers[0]:type"]],
  ["names with brackets", names, "names[]=1&names[]=2&names[]=3", { names: ["1", "2", "3"] }],
  ["both spellings of a list", names, "names[]=1&names=2", { names: ["1", "2"] }],
  ["brackets as text", names, "names=[1,2,3]&names=4", { names: ["[1,2,3]", "4"] }],
  ["no empty values", nameList, "name=&name=1", { name: ["1"] }],
  ["an optional list that is empty", optionalList, "name=", {}],
  ["an optional list that is absent", optionalList, "", {}],
  ["numbers among empty values", optionalNumbers, "numbers=&numbers=2", { numbers: [2] }],
  ["the first of several", name, "name=a&name=b", { name: "a" }],
  ["an empty value as absent", name, "name=", [400, "name:missing"]],
  ["no number under its range", age, "age=5", [400, "age:range"]],
  ["no number at the open end", age, "age=20", [400, "age:range"]],
  ["the closed end of a range", age, "age=10", { age: 10 }],
  ["a number within", age, "age=15", { age: 15 }],
  ["no value outside of its options", form({ pos: int8().options([1, 2]) }), "pos=4", [
    400,
    "pos:options",
  ]],
  ["dots as they are", form({ age: int().key("user.age") }), "user.age=18", { age: 18 }],
  ["escapes", form({ dev: string() }), "dev=se205%5fy1205%26mcc=636", {
    dev: "se205_y1205&mcc=636",
  }],
  ["a span of time", form({ d: duration() }), "d=5s", { d: 5000 }],
  ["true", form({ a: boolean(), b: boolean() }), "a=TRUE&b=1", { a: true, b: true }],
  ["no other word as true", form({ a: boolean() }), "a=on", [400, "a:type"]],
  ["a time", form({ t: timestamp() }), "t=2024-01-02T03:04:05Z", { t: "2024-01-02T03:04:05.000Z" }],
  ["a map in JSON", form({ m: map(string()) }), 'm={"k":"v"}', { m: { k: "v" } }],
  ["a bad escape", name, "name=%zz", [400, "Cannot read form: a percent-escape is malformed"]],
  ["a raw semicolon", name, "name=a;b", [
    400,
    "Cannot read form: it has a raw semicolon; write it as %3B",
  ]],
  ["an escaped semicolon", name, "name=a%3Bb", { name: "a;b" }],
  ["nothing behind a fragment", name, "name=a#&name=b", { name: "a" }],
  ["hostile keys as any other", name, "__proto__=x&constructor=y&name=a", { name: "a" }],
  [
    "2048 values",
    form({ param: array(string()) }),
    "param=1&".repeat(2048),
    { param: new Array(2048).fill("1") },
  ],
  [
    "no more values than that",
    form({ param: array(string()) }),
    "param=1&".repeat(2058),
    [400, "Cannot read form: more than 2048 values"],
  ],
];

for (const [what, schema, query, result] of queries) {
  Deno.test(`bindRequest() reads a query: ${what}`, async () => {
    assertEquals(await bound(schema, { path: `/?${query}` }), result);
  });
}

const JSON_TYPE = { "content-type": "application/json" };

function post(body: BodyInit | null, headers: HeadersInit = JSON_TYPE): Ask {
  return { method: "POST", body, headers };
}

function chunked(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([text]).stream();
}

const user = object({ name: string(), age: int() });
const exact = object({ id: bigint() });
const free = object({ value: any() });
const deep = (levels: number) => `{"value":${"[".repeat(levels)}${"]".repeat(levels)}}`;
const large = (bytes: number) => `{"name":"${"x".repeat(bytes - 19)}","age":1}`;

const bodies: [what: string, schema: ObjectSchema<unknown>, ask: Ask, result: unknown][] = [
  ["an object", user, post('{"name":"a","age":1}'), { name: "a", age: 1 }],
  ["a chunked body", user, post(chunked('{"name":"a","age":1}')), { name: "a", age: 1 }],
  ["a body of DELETE", user, { ...post('{"name":"a","age":1}'), method: "DELETE" }, {
    name: "a",
    age: 1,
  }],
  [
    "types with parameters",
    user,
    post('{"name":"a","age":1}', { "content-type": "Application/JSON; charset=UTF-8" }),
    { name: "a", age: 1 },
  ],
  [
    "types that are JSON in the end",
    user,
    post('{"name":"a","age":1}', { "content-type": "application/merge-patch+json" }),
    { name: "a", age: 1 },
  ],
  ["a byte order mark", user, post('\ufeff{"name":"a","age":1}'), { name: "a", age: 1 }],
  ["nothing, with every field missing", user, post("{}"), [400, "name:missing", "age:missing"]],
  ["an empty body", user, post(""), [400, "name:missing", "age:missing"]],
  ["no body", user, post(null), [400, "name:missing", "age:missing"]],
  ["a body of another type", user, post('{"name":"a"}', { "content-type": "text/plain" }), [
    400,
    ":type",
    "name:missing",
    "age:missing",
  ]],
  ["null", user, post("null"), [400, ":type"]],
  ["a text", user, post('"x"'), [400, ":type"]],
  ["a list", user, post("[]"), [400, ":type"]],
  ["what breaks off", user, post('{"name":"a"'), [400, ":json"]],
  ["text after the end", user, post('{"name":"a","age":1} x'), [400, ":json"]],
  ["a lone surrogate", user, post('{"name":"\\ud800","age":1}'), { name: "\ud800", age: 1 }],
  ["the last of a key that comes twice", user, post('{"age":1,"name":"a","age":2}'), {
    name: "a",
    age: 2,
  }],
  ["an integer past 2^53", user, post('{"name":"a","age":9007199254740993}'), [
    400,
    "age:int_range",
  ]],
  ["a number of 400 digits", user, post(`{"name":"a","age":${"9".repeat(400)}}`), [
    400,
    "age:int_range",
  ]],
  ["a fraction for an integer", user, post('{"name":"a","age":1.5}'), [400, "age:type"]],
  ["all digits into a bigint", exact, post('{"id":9223372036854775807}'), {
    id: 9223372036854776000,
  }],
  ["64 levels", free, post(deep(63)), { value: JSON.parse("[".repeat(63) + "]".repeat(63)) }],
  ["no more levels", free, post(deep(64)), [400, ":too_deep"]],
  ["200,000 levels", free, post(deep(200_000)), [400, ":too_deep"]],
  ["a declared body over the limit", user, {
    ...post(large(2000), { ...JSON_TYPE, "content-length": "2000" }),
    options: { maxBytes: 1000 },
  }, [413, "Cannot read body: it is larger than 1000 bytes"]],
  ["a chunked body over the limit", user, {
    ...post(chunked(large(2000))),
    options: { maxBytes: 1000 },
  }, [413, "Cannot read body: it is larger than 1000 bytes"]],
  ["more than 8 MiB", user, post(chunked(large(8 * 1024 * 1024 + 1))), [
    413,
    "Cannot read body: it is larger than 8388608 bytes",
  ]],
  ["levels as the options say", free, { ...post(deep(3)), options: { maxDepth: 3 } }, [
    400,
    ":too_deep",
  ]],
];

for (const [what, schema, ask, result] of bodies) {
  Deno.test(`bindRequest() reads JSON: ${what}`, async () => {
    assertEquals(await bound(schema, ask), result);
  });
}

Deno.test("bindRequest() reads 8 MiB of JSON", async () => {
  const { name } = await bound(user, post(chunked(large(8 * 1024 * 1024)))) as { name: string };
  assertEquals(name.length, 8 * 1024 * 1024 - 19);
});

const everything = object({
  id: int().in("path"),
  page: int().in("form"),
  agent: string().in("header", "x-agent"),
  sid: string().in("cookie"),
  name: string(),
});
const HEADERS = { ...JSON_TYPE, "X-Agent": "probe", cookie: "a=b; sid=31d4" };
const URLENCODED = { "content-type": "application/x-www-form-urlencoded" };

const requests: [what: string, schema: ObjectSchema<unknown>, ask: Ask, result: unknown][] = [
  [
    "all sources at once",
    everything,
    { ...post('{"name":"a"}', HEADERS), path: "/users/7?page=2" },
    { id: 7, page: 2, agent: "probe", sid: "31d4", name: "a" },
  ],
  [
    "every issue of every source",
    everything,
    { ...post("{}"), path: "/users/x" },
    [400, "id:type", "page:missing", "x-agent:missing", "sid:missing", "name:missing"],
  ],
  [
    "urlencoded values before those of the query",
    form({ a: array(string()), b: string() }),
    { ...post("a=1&b=2", URLENCODED), path: "/?a=3&b=4" },
    { a: ["1", "3"], b: "2" },
  ],
  [
    "values of a multipart body after those of the query",
    form({ a: array(string()) }),
    { ...post(formData({ a: "1" }), {}), path: "/?a=3" },
    { a: ["3", "1"] },
  ],
  ["plus signs", name, post("name=J+D%2B", URLENCODED), { name: "J D+" }],
  ["headers in any case", object({ ip: string().in("header", "X-REAL-IP") }), {
    headers: { "x-real-ip": "1.1.1.1" },
  }, { ip: "1.1.1.1" }],
  ["a header that is absent", object({ ip: string().in("header", "x-real-ip") }), {}, [
    400,
    "x-real-ip:missing",
  ]],
  ["a list in one header line", object({ l: array(string()).in("header") }), {
    headers: { l: "a" },
  }, { l: ["a"] }],
  [
    "a list in two",
    object({ l: array(int()).in("header") }),
    { headers: [["l", "1"], ["l", "2"]] },
    { l: [1, 2] },
  ],
  ["a default for a header", object({ b: boolean().in("header", "qux").default(true) }), {}, {
    b: true,
  }],
  ["a path segment with a slash", object({ id: string().in("path") }), { path: "/users/a%2Fb" }, {
    id: "a/b",
  }],
];

for (const [what, schema, ask, result] of requests) {
  Deno.test(`bindRequest() reads ${what}`, async () => {
    assertEquals(await bound(schema, ask), result);
  });
}

function formData(fields: Record<string, string | File>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

Deno.test("bindRequest() skips files, and hands them over if asked to", async () => {
  const body = () =>
    formData({ a: new File(["x".repeat(100_000)], "a.txt"), none: new File([], ""), name: "n" });
  assertEquals(await bound(name, post(body(), {})), { name: "n" });
  const files: unknown[] = [];
  const onFile: BindOptions["onFile"] = async (part) =>
    files.push([part.name, part.filename, (await part.text()).length]);
  assertEquals(await bound(name, { ...post(body(), {}), options: { onFile } }), { name: "n" });
  assertEquals(files, [["a", "a.txt", 100_000]]);
});

Deno.test("bindRequest() of a form keeps the limits of multipart", async () => {
  const options = { maxPartBytes: 10 };
  const result = await bound(name, { ...post(formData({ name: "x".repeat(11) }), {}), options });
  assertEquals(result, [413, "Cannot read body: it is larger than 10 bytes"]);
});

Deno.test("bindRequest() of a body that was read before is a slip of the service", async () => {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.post("/", async (request, context) => {
    await request.text();
    return json(await bindRequest(user, context));
  });
  const response = await server.fetch(new Request("http://localhost/", post("{}")));
  assertEquals(response.status, 500);
  await response.body?.cancel();
});

/** A schema of another library: it answers what `check` does, and keeps what it was given. */
function foreign<T>(
  check: (input: unknown) => { value: T } | string,
): StandardSchemaV1<unknown, T> & { seen: unknown } {
  const schema = {
    seen: undefined as unknown,
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: async (input: unknown) => {
        schema.seen = input;
        const result = await Promise.resolve(check(input));
        if (typeof result !== "string") return result;
        return { issues: [{ message: result, path: ["list", 0, { key: "name" }] }] };
      },
    },
  };
  return schema;
}

const accepts = () => foreign(() => ({ value: "accepted" }));

const parts: [from: StandardBindOptions["from"], ask: Ask, seen: unknown][] = [
  [undefined, post('{"a":[1,2.50,1e3,"x",null,{"b":true}]}'), {
    a: [1, 2.5, 1000, "x", null, { b: true }],
  }],
  ["json", post("9007199254740993"), 9007199254740993n],
  ["json", post("-0"), -0],
  ["json", post("1e400"), Infinity],
  ["json", post(""), undefined],
  ["json", post("{}", { "content-type": "text/plain" }), undefined],
  ["form", { path: "/?a=1&b=2&b=3&c[]=4&d=" }, { a: "1", b: ["2", "3"], c: ["4"] }],
  ["form", post("a=1", URLENCODED), { a: "1" }],
  [
    "form",
    { path: "/?__proto__=x&constructor=y" },
    JSON.parse('{"__proto__":"x","constructor":"y"}'),
  ],
  ["path", { path: "/users/7" }, { id: "7" }],
  ["header", { headers: { "X-A": "b" } }, { "x-a": "b" }],
  ["cookie", { headers: { cookie: "a=b; __proto__=c" } }, JSON.parse('{"a":"b","__proto__":"c"}')],
];

for (const [from, ask, seen] of parts) {
  Deno.test(`bindRequest() gives a foreign schema ${from ?? "json by default"}: ${ask.path ?? ask.body ?? ""}`, async () => {
    const schema = accepts();
    assertEquals(await bound(schema, { ...ask, options: { from } }), "accepted");
    const given = schema.seen;
    const plain = typeof given === "object" && given !== null && !Array.isArray(given);
    assertEquals(
      plain ? Object.entries(given) : given,
      plain ? Object.entries(seen as object) : seen,
    );
    if (plain && from !== "json" && from !== undefined) {
      assertEquals(Object.getPrototypeOf(given), null);
    }
  });
}

Deno.test("bindRequest() answers 400 with what a foreign schema says, and where", async () => {
  const result = await bound(foreign(() => "too short"), post("{}"));
  assertEquals(result, [400, "list[0].name:custom"]);
});

Deno.test("bindRequest() refuses __proto__ before a foreign schema can follow it", async () => {
  for (const text of ['{"__proto__":{"admin":true}}', '{"a":[{"__proto__":1}]}']) {
    const schema = accepts();
    assertEquals(await bound(schema, post(text)), [400, ":unknown_key"]);
    assertEquals(schema.seen, undefined);
  }
});

Deno.test("bindRequest() reads a list, and an object's digits, through schemas of its own", async () => {
  assertEquals(await bound(array(user), post('[{"name":"a","age":1}]')), [{ name: "a", age: 1 }]);
  assertEquals(await bound(array(user), post('[{"name":"a"}]')), [400, "[0].age:missing"]);
  assertEquals(await bound(array(user), post("{}")), [400, ":type"]);
  assertEquals(await bound(array(string()), post("[2.50]")), ["2.50"]);
});

Deno.test("bindRequest() adds no key to Object.prototype, whatever it is sent", async () => {
  const before = Reflect.ownKeys(Object.prototype).length;
  const hostile = [
    '{"__proto__":{"x":1}}',
    '{"value":{"__proto__":{"x":1}}}',
    '{"constructor":{"prototype":{"x":1}}}',
  ];
  for (const text of hostile) {
    await bound(free, post(text));
    await bound(map(any()), post(text));
  }
  const keyed = object({ m: map(string()).in("form") });
  await bound(keyed, { path: '/?m={"__proto__":"x"}&__proto__[x]=1&constructor.prototype.x=1' });
  assertEquals(Reflect.ownKeys(Object.prototype).length, before);
  assertEquals(({} as { x?: unknown }).x, undefined);
});
