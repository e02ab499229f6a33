/** Calls that have not left. */
import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { echo } from "../testing/echo_service.ts";
import { openFake } from "../testing/open_fake.ts";
import { openPair } from "../testing/pair.ts";
import { isUnsent, markUnsent } from "../transport/unsent.ts";

/** Two connected instances, the first of which fails all calls with `error`. */
async function openTwo(error: ServiceError) {
  const it = await openFake(
    ["a", "b"],
    (request, _call, address) => address === "a" ? Promise.reject(error) : Promise.resolve(request),
    { random: () => 0 },
  );
  for (const address of ["a", "b"]) it.transport.to(address).enter("ready");
  const calls = () => ["a", "b"].map((address) => it.transport.to(address).calls);
  return { ...it, calls };
}

const gone = () => new ServiceError("unavailable", "nobody is there");

Deno.test("a call that has not left is given to another instance, whatever it does", async () => {
  await using it = await openTwo(markUnsent(gone()));
  assertEquals((await it.stub.say(echo("x"))).text, "x");
  assertEquals(it.calls(), [1, 1]);
});

Deno.test("a call that may have left is not given to another instance", async () => {
  await using it = await openTwo(gone());
  await assertRejects(() => it.stub.say(echo("x")), ServiceError, "nobody is there");
  assertEquals(it.calls(), [1, 0]);
});

Deno.test("a call that has not left fails when nobody else is connected", async () => {
  await using it = await openTwo(markUnsent(gone()));
  it.transport.to("b").enter("failing");
  await assertRejects(() => it.stub.say(echo("x")), ServiceError, "nobody is there");
  assertEquals(it.calls(), [1, 0]);
});

for (const kind of ["inproc", "grpc_js"] as const) {
  Deno.test({
    name:
      `over ${kind} a call to nobody has not left, and one that was answered has, whatever the answer says`,
    sanitizeOps: false, // A connection that waits to be tried again has a timer, which keeps nothing alive.
    sanitizeResources: false,
    async fn() {
      const answer = "No connection established. Last error: nobody serves there";
      await using pair = await openPair(kind, {
        handlers: { say: () => Promise.reject(new ServiceError("unavailable", answer)) },
      });
      const say = () => pair.stub.say(echo("x"));
      const answered = await assertRejects(say, ServiceError, answer);
      await pair.server.stop();
      const refused = await assertRejects(say, ServiceError);
      assertEquals([isUnsent(answered), isUnsent(refused)], [false, true], refused.message);
    },
  });
}
