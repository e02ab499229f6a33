import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  codeOfGrpcNumber,
  codeOfHttpStatus,
  ERROR_CODES,
  type ErrorCode,
  grpcNumberOf,
  httpStatusOf,
  ServiceError,
} from "./errors.ts";

const codes: { code: ErrorCode; number: number; status: number }[] = [
  { code: "canceled", number: 1, status: 408 },
  { code: "unknown", number: 2, status: 500 },
  { code: "invalid_argument", number: 3, status: 400 },
  { code: "deadline_exceeded", number: 4, status: 504 },
  { code: "not_found", number: 5, status: 404 },
  { code: "already_exists", number: 6, status: 409 },
  { code: "permission_denied", number: 7, status: 403 },
  { code: "resource_exhausted", number: 8, status: 429 },
  { code: "failed_precondition", number: 9, status: 400 },
  { code: "aborted", number: 10, status: 409 },
  { code: "out_of_range", number: 11, status: 400 },
  { code: "unimplemented", number: 12, status: 501 },
  { code: "internal", number: 13, status: 500 },
  { code: "unavailable", number: 14, status: 503 },
  { code: "data_loss", number: 15, status: 500 },
  { code: "unauthenticated", number: 16, status: 401 },
];

for (const { code, number, status } of codes) {
  Deno.test(`httpStatusOf() and grpcNumberOf() of ${code}`, () => {
    assertEquals([httpStatusOf(code), grpcNumberOf(code)], [status, number]);
    assertEquals(codeOfGrpcNumber(number), code);
    assertEquals(new ServiceError(code, "m").httpStatus, status);
  });
}

Deno.test("ERROR_CODES holds all codes in the order of their gRPC numbers", () => {
  assertEquals(ERROR_CODES, codes.map(({ code }) => code));
});

for (const number of [0, -1, 17, 1.5, NaN, Infinity, -0]) {
  Deno.test(`codeOfGrpcNumber(${number}) is unknown`, () => {
    assertEquals(codeOfGrpcNumber(number), "unknown");
  });
}

const statuses: { status: number; code: ErrorCode }[] = [
  { status: 400, code: "invalid_argument" },
  { status: 401, code: "unauthenticated" },
  { status: 402, code: "unknown" },
  { status: 403, code: "permission_denied" },
  { status: 404, code: "not_found" },
  { status: 405, code: "not_found" },
  { status: 408, code: "canceled" },
  { status: 409, code: "aborted" },
  { status: 410, code: "not_found" },
  { status: 412, code: "failed_precondition" },
  { status: 413, code: "invalid_argument" },
  { status: 415, code: "invalid_argument" },
  { status: 416, code: "out_of_range" },
  { status: 418, code: "unknown" },
  { status: 422, code: "invalid_argument" },
  { status: 429, code: "resource_exhausted" },
  { status: 499, code: "canceled" },
  { status: 500, code: "internal" },
  { status: 501, code: "unimplemented" },
  { status: 502, code: "unavailable" },
  { status: 503, code: "unavailable" },
  { status: 504, code: "deadline_exceeded" },
  { status: 599, code: "internal" },
  { status: 302, code: "unknown" },
  { status: 0, code: "unknown" },
];

for (const { status, code } of statuses) {
  Deno.test(`codeOfHttpStatus(${status}) is ${code}`, () => {
    assertEquals(codeOfHttpStatus(status), code);
  });
}

Deno.test("ServiceError holds what it is given", () => {
  const cause = new Error("root");
  const error = new ServiceError("invalid_argument", "Cannot read body: too large", {
    cause,
    details: { maxBytes: 10 },
    httpStatus: 413,
    retryAfterMs: 250,
  });
  assertEquals(error.name, "ServiceError");
  assertEquals(error.message, "Cannot read body: too large");
  assertEquals([error.code, error.httpStatus, error.retryAfterMs], ["invalid_argument", 413, 250]);
  assertEquals(error.details, { maxBytes: 10 });
  assertStrictEquals(error.cause, cause);
  assert(error.stack?.includes("errors_test.ts"));
});

Deno.test("ServiceError leaves out what it is not given", () => {
  const error = new ServiceError("internal", "m");
  assertEquals([error.details, error.retryAfterMs, error.cause], [undefined, undefined, undefined]);
  assertEquals(Object.hasOwn(error, "cause"), false);
});

class Overloaded extends ServiceError {}
class CircuitOpen extends Overloaded {}

Deno.test("ServiceError tells its own kinds apart with instanceof", () => {
  const base = new ServiceError("unavailable", "m");
  const sub = new CircuitOpen("unavailable", "m");
  assertEquals(
    [sub instanceof ServiceError, sub instanceof Overloaded, sub instanceof CircuitOpen],
    [true, true, true],
  );
  assertEquals([base instanceof Overloaded, base instanceof Error], [false, true]);
  assertEquals(new Overloaded("unavailable", "m") instanceof CircuitOpen, false);
});

for (
  const value of [null, undefined, 1, "text", {}, new Error("e"), () => {}, Object.create(null)]
) {
  Deno.test(`ServiceError is not ${typeof value} ${String(value && typeof value)}`, () => {
    assertEquals((value as unknown) instanceof ServiceError, false);
  });
}

Deno.test("ServiceError knows the errors of another copy of the module", async () => {
  const path = "./errors.ts?another-copy";
  const other: typeof import("./errors.ts") = await import(path);
  const foreign = new other.ServiceError("not_found", "m");
  assert(other.ServiceError !== ServiceError);
  assertEquals(foreign instanceof ServiceError, true);
  assertEquals(new ServiceError("not_found", "m") instanceof other.ServiceError, true);
  assertEquals(foreign instanceof Overloaded, false);
  assertStrictEquals<unknown>(ServiceError.from(foreign), foreign);
});

const thrown: { name: string; value: unknown; code: ErrorCode; message: string }[] = [
  {
    name: "the reason of a timeout",
    value: new DOMException("The signal timed out", "TimeoutError"),
    code: "deadline_exceeded",
    message: "Cannot finish call: deadline exceeded",
  },
  {
    name: "the reason of an abort",
    value: AbortSignal.abort().reason,
    code: "canceled",
    message: "Cannot finish call: canceled",
  },
  {
    name: "another DOMException",
    value: new DOMException("password of root", "DataCloneError"),
    code: "unknown",
    message: "Cannot finish call: unexpected error",
  },
  {
    name: "an error",
    value: new TypeError("password of root"),
    code: "unknown",
    message: "Cannot finish call: unexpected error",
  },
  {
    name: "an error that calls itself AbortError",
    value: Object.assign(new Error("x"), { name: "AbortError" }),
    code: "unknown",
    message: "Cannot finish call: unexpected error",
  },
  {
    name: "text",
    value: "password of root",
    code: "unknown",
    message: "Cannot finish call: unexpected error",
  },
  {
    name: "nothing",
    value: undefined,
    code: "unknown",
    message: "Cannot finish call: unexpected error",
  },
];

for (const { name, value, code, message } of thrown) {
  Deno.test(`ServiceError.from() of ${name}`, () => {
    const error = ServiceError.from(value);
    assertEquals([error.code, error.message], [code, message]);
    assertStrictEquals(error.cause, value);
    assertEquals(error.details, undefined);
  });
}

Deno.test("ServiceError.from() answers service errors as they are", () => {
  for (const error of [new ServiceError("aborted", "m"), new CircuitOpen("unavailable", "m")]) {
    assertStrictEquals(ServiceError.from(error), error);
  }
});

Deno.test("ServiceError can be thrown and caught by its code", () => {
  const error = assertThrows(
    () => {
      throw new Overloaded("resource_exhausted", "Cannot accept request: 10 in flight");
    },
    ServiceError,
    "10 in flight",
  );
  assertEquals(error.code, "resource_exhausted");
});
