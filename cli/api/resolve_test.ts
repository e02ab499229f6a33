import { assertEquals } from "@std/assert";
import { compileFiles } from "./testing/program.ts";
import type { ApiSpec } from "./spec.ts";

function compile(text: string, others: Record<string, string> = {}): ApiSpec {
  const { spec, diagnostics } = compileFiles({ "a.api": text, ...others });
  if (spec === undefined) throw new Error(JSON.stringify(diagnostics));
  return spec;
}

const spec = compile(`syntax = "v1"
info (
  title: "Users"
  desc:  \`all "users"\`
  flag:  true
)

// Detached.

// User of the system.
/*
 * In two comments.
 */
type User {
  // Number.
  Id int64 \`path:"id" json:"id,optional,range=[0:10]"\` // unique
  A, B []string
  Meta {
    M map[string][3]*User // m
  } \`json:"meta,optional"\`
  Any interface{} /* what */ // ever
  *Base
}

type Base {}

@server (
  prefix:     /v1/
  group:      /user/admin/
  middleware: Auth, Log
  jwt:        Jwt
  jwtTransition: Old
  signature:  true
  timeout:    1m30s
  maxBytes:   9223372036854775807
)
service user-api {
  // Of the route.
  @doc (
    summary: "Get one"
  )
  // Of the handler.
  @handler getUserHandler
  get /users/:id (User) returns ([]*User) // behind

  // Only here.
  @handler all
  post /all returns (string);
}

service user-api {
  @doc "plain"
  @handler handler
  delete /x
}
`);

Deno.test("resolveProgram() gives the head of the program", () => {
  assertEquals(spec.service, "user-api");
  assertEquals(spec.syntax, "v1");
  assertEquals(spec.info, { title: "Users", desc: 'all "users"', flag: "true" });
  assertEquals(spec.files, ["a.api"]);
  assertEquals(spec.types.map((type) => type.name), ["Base", "User"]);
});

Deno.test("resolveProgram() gives structures with members, tags and comments", () => {
  const user = spec.types[1];
  assertEquals(user?.docs, ["User of the system.", "In two comments."]);
  assertEquals(user?.pos, { file: "a.api", line: 14, column: 6 });
  assertEquals(user?.fields.map((field) => field.name), ["Id", "A", "B", "Meta", "Any", "Base"]);
  const [id, a, b, meta, any, base] = user?.fields ?? [];
  assertEquals(id?.docs, ["Number."]);
  assertEquals(id?.comment, "unique");
  assertEquals(id?.type, { kind: "base", name: "int64" });
  assertEquals(id?.tags, [
    { key: "path", name: "id", options: [], raw: "id" },
    {
      key: "json",
      name: "id",
      options: [{ key: "optional" }, { key: "range", value: "[0:10]" }],
      raw: "id,optional,range=[0:10]",
    },
  ]);
  assertEquals(a?.type, b?.type);
  assertEquals([a?.pos.column, b?.pos.column], [3, 6]);
  assertEquals(
    meta?.type.kind === "struct" &&
      meta.type.fields.map(({ type, comment }) => ({ type, comment })),
    [{
      type: {
        kind: "map",
        key: "string",
        value: {
          kind: "array",
          length: 3,
          item: { kind: "pointer", target: { kind: "ref", name: "User" } },
        },
      },
      comment: "m",
    }],
  );
  assertEquals([any?.type, any?.comment], [{ kind: "any" }, "what ever"]);
  assertEquals([base?.embedded, base?.type], [true, {
    kind: "pointer",
    target: { kind: "ref", name: "Base" },
  }]);
});

Deno.test("resolveProgram() gives groups by folder and routes by path", () => {
  assertEquals(spec.groups.map((group) => group.group), ["", "user/admin"]);
  const group = spec.groups[1];
  const { routes, annotations, pos, ...rest } = group ?? spec.groups[0]!;
  assertEquals(rest, {
    prefix: "/v1",
    group: "user/admin",
    middleware: ["Auth", "Log"],
    jwt: "Jwt",
    jwtTransition: "Old",
    signature: true,
    sse: false,
    timeoutMs: 90_000,
    maxBytes: Number.MAX_SAFE_INTEGER,
  });
  assertEquals([annotations.prefix, annotations.middleware], ["/v1/", "Auth,Log"]);
  assertEquals(pos, { file: "a.api", line: 27, column: 1 });
  assertEquals(routes.map((route) => route.path), ["/all", "/users/:id"]);
});

Deno.test("resolveProgram() gives routes with documentation", () => {
  const [all, one] = spec.groups[1]?.routes ?? [];
  assertEquals(one, {
    method: "GET",
    path: "/users/:id",
    handler: "getUser",
    request: { kind: "ref", name: "User" },
    response: { kind: "array", item: { kind: "pointer", target: { kind: "ref", name: "User" } } },
    doc: { summary: "Get one" },
    docs: ["Of the route."],
    handlerDocs: ["Of the handler."],
    comment: "behind",
    pos: { file: "a.api", line: 44, column: 3 },
  });
  assertEquals([all?.docs, all?.handlerDocs, all?.request], [["Only here."], [], undefined]);
  assertEquals(all?.response, { kind: "base", name: "string" });
  const plain = spec.groups[0]?.routes[0];
  assertEquals([plain?.doc, plain?.handler], [{ text: "plain" }, "handler"]);
});

Deno.test("resolveProgram() leaves out lists whose values are all empty", () => {
  const text =
    'info (\na: ""\n)\n@server (\ngroup: ""\n)\nservice s {\n@doc (\nsummary: ""\n)\n@handler h\nget /p\n}\n';
  const { info, groups } = compile(text);
  assertEquals([info, groups[0]?.annotations, groups[0]?.routes[0]?.doc], [{}, {}, {}]);
});

Deno.test("resolveProgram() keeps keys that objects have by nature", () => {
  const { info } = compile(
    'info (\n__proto__: "x"\nconstructor: "y"\n)\nservice s {\n@handler h\nget /p\n}\n',
  );
  assertEquals(Object.entries(info), [["__proto__", "x"], ["constructor", "y"]]);
});

Deno.test("resolveProgram() does not depend on how imports are spelled", () => {
  const others = {
    "x/b.api": "type B {}\nservice s {\n@handler b\nget /b\n}\n",
    "x/c.api": 'import "b.api"\ntype C {}\nservice s {\n@handler c\nget /c\n}\n',
  };
  const service = "service s {\n@handler a\nget /a\n}\n";
  const one = compile(`import "x/b.api"\nimport "x/c.api"\n${service}`, others);
  const other = compile(`import "./x/../x/b.api"\nimport "x/./c.api"\n${service}`, others);
  assertEquals(JSON.stringify(one), JSON.stringify(other));
  assertEquals(one.files, ["a.api", "x/b.api", "x/c.api"]);
  assertEquals(one.groups.map((group) => group.routes[0]?.handler), ["a", "b", "c"]);
});
