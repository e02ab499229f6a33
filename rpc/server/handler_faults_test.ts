import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

testEachKind(
  "turns what a handler did not mean to throw into internal, and logs it",
  async (kind) => {
    await using pair = await openPair(kind, {
      handlers: {
        say: () => {
          throw new TypeError("s3cret");
        },
        look: () => Promise.reject(new TypeError("s3cret")),
        // deno-lint-ignore require-yield -- It fails first.
        async *count() {
          throw new TypeError("s3cret");
        },
        sum: () => Promise.reject(new TypeError("s3cret")),
      },
    });
    const { stub, log } = pair;
    const runs = [
      () => stub.say(echo("")),
      () => stub.look(echo(""), { retry: false }),
      () => Array.fromAsync(stub.count(echo(""))),
      () => stub.sum([]),
    ];
    for (const run of runs) {
      const error = await assertRejects(run, ServiceError);
      assertEquals([error.code, error.message.includes("s3cret")], ["internal", false]);
    }
    const lines = log.records.filter(({ fields }) =>
      JSON.stringify(fields ?? {}).includes("s3cret")
    );
    assert(lines.length >= 4, `${lines.length} lines`);
  },
);
