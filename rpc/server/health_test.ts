import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { healthService } from "./grpc/health/v1/health.gen.ts";

testEachKind("tells its health, and that it stops", async (kind) => {
  await using pair = await openPair(kind);
  const health = pair.client.stub(healthService);
  assertEquals((await health.check({ service: "" })).status, 1);
  assertEquals((await health.check({ service: echoService.typeName })).status, 1);
  const error = await assertRejects(() => health.check({ service: "x" }), ServiceError);
  assertEquals([error.code, error.message], ["not_found", "unknown service"]);
  assertEquals([...(await health.list({})).statuses.keys()].sort(), ["", echoService.typeName]);
  const seen: number[] = [];
  for await (const { status } of health.watch({ service: "" })) {
    seen.push(status);
    if (seen.length === 1) pair.server.stop();
  }
  assertEquals(seen, [1, 2]);
});
