import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const AUTH = [
  {
    name: "lets in who is unknown when lax",
    app: "foo",
    token: "bar",
    known: undefined,
    strict: false,
    code: undefined,
  },
  {
    name: "refuses who is unknown when strict",
    app: "foo",
    token: "bar",
    known: undefined,
    strict: true,
    code: "internal",
  },
  {
    name: "lets in who shows its token when lax",
    app: "foo",
    token: "bar",
    known: "bar",
    strict: false,
    code: undefined,
  },
  {
    name: "lets in who shows its token when strict",
    app: "foo",
    token: "bar",
    known: "bar",
    strict: true,
    code: undefined,
  },
  {
    name: "refuses a wrong token when lax",
    app: "foo",
    token: "bar",
    known: "error",
    strict: false,
    code: "unauthenticated",
  },
  {
    name: "refuses a wrong token when strict",
    app: "foo",
    token: "bar",
    known: "error",
    strict: true,
    code: "unauthenticated",
  },
  {
    name: "refuses who says nothing when lax",
    app: "",
    token: "",
    known: "bar",
    strict: false,
    code: "unauthenticated",
  },
  {
    name: "refuses who says nothing when strict",
    app: "",
    token: "",
    known: "bar",
    strict: true,
    code: "unauthenticated",
  },
] as const;

for (const { name, app, token, known, strict, code } of AUTH) {
  Deno.test(`RpcServer with Auth ${name}`, async () => {
    const tokens = new MemoryTokenStore(known === undefined ? {} : { foo: known });
    await using pair = await openPair("inproc", {
      server: { Auth: true, StrictControl: strict },
      serverOptions: { tokens },
      client: { App: app, Token: token },
    });
    const runs = [
      () => pair.stub.say(echo("")),
      () => Array.fromAsync(pair.stub.count(echo("", 1))),
    ];
    for (const run of runs) {
      if (code === undefined) await run();
      else assertEquals((await assertRejects(run, ServiceError)).code, code);
    }
  });
}
