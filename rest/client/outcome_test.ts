import { assertEquals } from "@std/assert";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { HttpError, NetworkError } from "./errors.ts";
import { isAcceptableError, isAcceptableStatus, isRetryable } from "./outcome.ts";

const target = { method: "GET", route: "/", service: "a" };
const network = new NetworkError(target, "the connection was refused");
const canceled = new DOMException("not needed", "AbortError");
const timeout = new DOMException("too slow", "TimeoutError");
const http = (status: number) =>
  new HttpError(target, { status, code: "unknown", headers: new Headers(), body: "" });

for (
  const [status, acceptable] of [[200, true], [301, true], [404, true], [499, true], [500, false], [
    503,
    false,
  ]] as const
) {
  Deno.test(`isAcceptableStatus() says ${acceptable} of ${status}, and so of its error`, () => {
    assertEquals([isAcceptableStatus(status), isAcceptableError(http(status))], [
      acceptable,
      acceptable,
    ]);
  });
}

const errors: [name: string, error: unknown, acceptable: boolean][] = [
  ["a deadline", new DeadlineExceededError("Cannot call: too slow"), false],
  ["a timeout of the platform", timeout, false],
  ["a timeout that is wrapped", new Error("wrapped", { cause: timeout }), false],
  ["a cancel", canceled, true],
  ["a cancel that is wrapped", new Error("wrapped", { cause: canceled }), true],
  ["a cancel that is joined with others", new AggregateError([new Error("x"), canceled]), true],
  ["a cancel by code", new ServiceError("canceled", "Cannot call: gave up"), true],
  ["a timeout joined with a cancel", new AggregateError([canceled, timeout]), false],
  ["a broken connection", network, false],
  ["a broken connection that is wrapped", new Error("wrapped", { cause: network }), false],
  ["a plain error", new Error("EOF"), true],
  ["a plain error that is wrapped", new Error("wrapped", { cause: new Error("x") }), true],
  ["text", "EOF", true],
];
for (const [name, error, acceptable] of errors) {
  Deno.test(`isAcceptableError() says ${acceptable} of ${name}`, () => {
    assertEquals(isAcceptableError(error), acceptable);
  });
}

Deno.test("isAcceptableError() ends with causes that go round in a circle", () => {
  const error = new Error("round");
  error.cause = error;
  assertEquals(isAcceptableError(error), true);
});

const again: [name: string, error: unknown, retryable: boolean][] = [
  ...[429, 502, 503, 504].map((
    status,
  ): [string, unknown, boolean] => [`${status}`, http(status), true]),
  ...[400, 404, 408, 409, 500, 501].map((status): [string, unknown, boolean] => [
    `${status}`,
    http(status),
    false,
  ]),
  ["a broken connection", network, true],
  ["an attempt that took too long", new DeadlineExceededError("Cannot call: too slow"), true],
  ["an open circuit", new CircuitOpenError("users"), false],
  ["a cancel", canceled, false],
];
for (const [name, error, retryable] of again) {
  Deno.test(`isRetryable() says ${retryable} of ${name}`, () => {
    assertEquals(isRetryable(error), retryable);
  });
}
