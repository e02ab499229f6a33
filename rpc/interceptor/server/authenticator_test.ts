import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { FakeClock } from "../../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { Authenticator } from "./authenticator.ts";
import { credentialOf } from "./authorize.ts";
import { MemoryTokenStore, type TokenStore } from "./token_store.ts";

const CREDENTIALS = [
  { name: "both", headers: { app: "a", token: "t" }, says: { app: "a", token: "t" } },
  { name: "no token", headers: { app: "a" }, says: { app: "", token: "" } },
  { name: "an empty token", headers: { app: "a", token: "" }, says: { app: "", token: "" } },
  { name: "no app", headers: { token: "t" }, says: { app: "", token: "" } },
  { name: "nothing", headers: {}, says: { app: "", token: "" } },
];

for (const { name, headers, says } of CREDENTIALS) {
  Deno.test(`credentialOf() reads ${name}`, () => {
    const all: Record<string, string | undefined> = headers;
    assertEquals(credentialOf({ header: (key) => all[key] }), says);
  });
}

const SHOWN = [
  { name: "the token itself", expected: "s3cret", shown: "s3cret", isRight: true },
  { name: "another", expected: "s3cret", shown: "S3cret", isRight: false },
  { name: "its beginning", expected: "s3cret", shown: "s3c", isRight: false },
  { name: "it twice", expected: "s3cret", shown: "s3crets3cret", isRight: false },
  { name: "one that ends in zeros", expected: "s", shown: "s\0", isRight: false },
  { name: "anything where the token is empty", expected: "", shown: "x", isRight: false },
  { name: "text beyond ASCII", expected: "gehёim✓", shown: "gehёim✓", isRight: true },
];

for (const { name, expected, shown, isRight } of SHOWN) {
  Deno.test(`Authenticator.authenticate() ${isRight ? "takes" : "refuses"} ${name}`, async () => {
    for (const strict of [false, true]) {
      using authenticator = new Authenticator(new MemoryTokenStore({ a: expected }), { strict });
      const asked = authenticator.authenticate("a", shown);
      if (isRight) await asked;
      else {
        const error = await assertRejects(() => asked, ServiceError, "access denied");
        assertEquals(error.code, "unauthenticated");
      }
    }
  });
}

Deno.test("Authenticator asks once for what is known, and again for what was not", async () => {
  let asked = 0;
  const store: TokenStore = {
    get: (app) => {
      asked++;
      return Promise.resolve(app === "known" ? "t" : undefined);
    },
  };
  const clock = new FakeClock();
  using authenticator = new Authenticator(store, { strict: true, clock });
  for (let i = 0; i < 10; i++) await authenticator.authenticate("known", "t");
  assertEquals(asked, 1);
  for (let i = 0; i < 3; i++) await assertRejects(() => authenticator.authenticate("other", "t"));
  assertEquals(asked, 4);
  await clock.advance(280_000);
  await authenticator.authenticate("known", "t");
  assertEquals(asked, 4);
  await clock.advance(40_000);
  await authenticator.authenticate("known", "t");
  assertEquals(asked, 5);
});

Deno.test("Authenticator says once a minute that it lets in whom it cannot check, and shows no secret", async () => {
  const store: TokenStore = { get: () => Promise.reject(new Error("connection refused")) };
  const clock = new FakeClock();
  const log = new MemoryLog({ clock });
  using authenticator = new Authenticator(store, { log, clock });
  for (let i = 0; i < 100; i++) await authenticator.authenticate("app", "s3cret");
  assertEquals(log.contents("error").length, 1);
  await clock.advance(60_000);
  await authenticator.authenticate("app", "s3cret");
  assertEquals(log.contents("error").length, 2);
  assert(!log.lines.join().includes("s3cret"));
  assert(log.lines[0]!.includes("connection refused"));
});

Deno.test("Authenticator tells a strict caller no more than that it cannot be checked", async () => {
  const cause = new Error("connect ECONNREFUSED 10.0.0.7:6379");
  using authenticator = new Authenticator({ get: () => Promise.reject(cause) }, { strict: true });
  const error = await assertRejects(() => authenticator.authenticate("a", "t"), ServiceError);
  assertEquals([error.code, error.cause], ["internal", cause]);
  assert(!error.message.includes("10.0.0.7"));
});
