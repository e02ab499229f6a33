import { assert, assertEquals } from "@std/assert";
import { ERROR_CODES, grpcNumberOf, ServiceError } from "../core/errors.ts";
import { OverloadedError } from "../core/load/errors.ts";
import { isShed } from "../core/load/errors.ts";
import { isRetryFinal, markRetryFinal } from "../core/retry/chain.ts";
import { DeadlineExceededError } from "../core/timeout/errors.ts";
import { isAcceptable } from "./acceptable.ts";
import { Metadata } from "./metadata.ts";
import { Any } from "./proto/google/protobuf/any.gen.ts";
import { ErrorInfo } from "./proto/google/rpc/error_details.gen.ts";
import { Status } from "./proto/google/rpc/status.gen.ts";
import { errorOfStatus, statusCodeOf, statusOf } from "./status.ts";
import { STATUS_DETAILS } from "./status_details.ts";

function overTheWire(thrown: unknown): ServiceError {
  const trailer = new Metadata();
  return errorOfStatus(statusOf(thrown, trailer), trailer);
}

for (const code of ERROR_CODES) {
  Deno.test(`statusOf() and errorOfStatus() carry ${code}`, () => {
    const error = overTheWire(new ServiceError(code, `Cannot: ${code}`));
    assertEquals([error.code, error.message], [code, `Cannot: ${code}`]);
    assertEquals(statusCodeOf(error), grpcNumberOf(code));
    assertEquals(error instanceof DeadlineExceededError, code === "deadline_exceeded");
  });
}

Deno.test("statusOf() carries details and when to try again", () => {
  const details = { id: 7, nested: { list: [1, "a", null, true] }, gone: undefined };
  const error = overTheWire(new ServiceError("aborted", "no", { details, retryAfterMs: 1234.5 }));
  assertEquals(error.details, { id: 7, nested: { list: [1, "a", null, true] } });
  assertEquals(error.retryAfterMs, 1234.5);
});

Deno.test("statusOf() carries that a call was shed, and that nobody should retry", () => {
  const error = new OverloadedError("full", { retryAfterMs: 1000 });
  markRetryFinal(error);
  const got = overTheWire(error);
  assertEquals([isShed(got), isRetryFinal(got)], [true, true]);
});

Deno.test("statusOf() tells nothing of what nobody meant to throw", () => {
  for (const thrown of [new TypeError("s3cret"), "s3cret", undefined, null, { code: 5 }]) {
    const error = overTheWire(thrown);
    assertEquals([error.code, error.message.includes("s3cret")], ["unknown", false]);
  }
});

Deno.test("statusOf() cuts what does not fit in a header", () => {
  const trailer = new Metadata();
  const details = { text: "x".repeat(5000) };
  const { message } = statusOf(new ServiceError("aborted", "y".repeat(9000), { details }), trailer);
  assertEquals([message.length, trailer.size], [2048, 0]);
});

Deno.test("statusOf() survives details that cannot be written", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assertEquals(overTheWire(new ServiceError("aborted", "no", { details: loop })).code, "aborted");
  assertEquals(
    overTheWire(new ServiceError("aborted", "no", { details: { big: 7n } })).code,
    "aborted",
  );
});

Deno.test("errorOfStatus() reads the ErrorInfo of others", () => {
  const info = ErrorInfo.create({
    reason: "QUOTA",
    domain: "acme.test",
    metadata: new Map([["limit", "7"]]),
  });
  const any = Any.create({
    typeUrl: "type.googleapis.com/google.rpc.ErrorInfo",
    value: ErrorInfo.encode(info),
  });
  const unknown = Any.create({
    typeUrl: "type.googleapis.com/acme.Other",
    value: new Uint8Array([1]),
  });
  const bytes = Status.encode({ code: 8, message: "no", details: [unknown, any] });
  const error = errorOfStatus(
    { code: 8, message: "no" },
    new Metadata({ [STATUS_DETAILS]: bytes }),
  );
  assertEquals(error.details, { limit: "7", reason: "QUOTA", domain: "acme.test" });
});

Deno.test("errorOfStatus() survives details that are none, and codes that are none", () => {
  const trailer = new Metadata({ [STATUS_DETAILS]: new Uint8Array([255, 255, 1]) });
  assertEquals(errorOfStatus({ code: 5, message: "no" }, trailer).code, "not_found");
  for (const code of [17, -1, 99, NaN]) {
    assertEquals(errorOfStatus({ code, message: "" }).code, "unknown");
  }
});

Deno.test("isAcceptable() takes all codes but the six of a callee that could not do its work", () => {
  const failures = ERROR_CODES.filter((code) => !isAcceptable(new ServiceError(code, "no")));
  assertEquals(failures, [
    "deadline_exceeded",
    "resource_exhausted",
    "unimplemented",
    "internal",
    "unavailable",
    "data_loss",
  ]);
  assert(isAcceptable(undefined) && isAcceptable(new TypeError("no")));
});
