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

const MESSAGES = [
  { name: "percent signs and line breaks", message: "100% of\r\nthe %41 time\0", whole: true },
  { name: "other letters than those of ASCII", message: "üñí 中文 😀", whole: true },
  { name: "half a character", message: "a\ud800b", whole: false },
  { name: "more than fits, in ASCII", message: "y".repeat(9000), whole: false },
  { name: "more than fits, in letters of three bytes", message: "中".repeat(9000), whole: false },
  { name: "more than fits, in pairs", message: "😀".repeat(9000), whole: false },
];

for (const { name, message, whole } of MESSAGES) {
  Deno.test(`statusOf() writes a message with ${name}`, () => {
    const got = statusOf(new ServiceError("aborted", message), new Metadata()).message;
    const cut = [...message.toWellFormed()].slice(0, [...got].length).join("");
    assertEquals([got === message, got], [whole, cut]);
    assert(encodeURI(got).length <= 2048 && got.length > 0, `${encodeURI(got).length} bytes`);
  });
}

Deno.test("statusOf() says when to try again though the details do not fit", () => {
  const details = { text: "x".repeat(5000) };
  const error = overTheWire(new ServiceError("aborted", "no", { details, retryAfterMs: 2000 }));
  assertEquals([error.details, error.retryAfterMs], [undefined, 2000]);
});

Deno.test("statusOf() answers though the trailer is full", () => {
  const trailer = new Metadata({ a: "x".repeat(32_000) });
  const error = new ServiceError("aborted", "no", { details: { text: "x".repeat(2000) } });
  assertEquals(statusOf(error, trailer), { code: 10, message: "no" });
});

function spoiled(name: "code" | "message" | "details", descriptor: PropertyDescriptor) {
  return Object.defineProperty(new ServiceError("aborted", "s3cret"), name, descriptor);
}

const fail = (): never => {
  throw new Error("s3cret");
};

const SPOILED: readonly { name: string; thrown: unknown }[] = [
  { name: "whose code cannot be read", thrown: spoiled("code", { get: fail }) },
  { name: "whose details cannot be read", thrown: spoiled("details", { get: fail }) },
  { name: "whose code is none", thrown: spoiled("code", { value: "banana" }) },
  { name: "whose message is no text", thrown: spoiled("message", { value: { s3cret: 1 } }) },
  {
    name: "that nothing can be asked of",
    thrown: new Proxy({}, { has: fail, getPrototypeOf: fail }),
  },
  { name: "of no kind", thrown: Object.create(null) },
];

for (const { name, thrown } of SPOILED) {
  Deno.test(`statusOf() answers unknown for an error ${name}`, () => {
    const trailer = new Metadata();
    assertEquals(statusOf(thrown, trailer), {
      code: 2,
      message: "Cannot finish call: unexpected error",
    });
    assertEquals([trailer.size, statusCodeOf(thrown), isAcceptable(thrown)], [0, 2, true]);
  });
}

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
