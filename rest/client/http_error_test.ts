import { assertEquals } from "@std/assert";
import { isRetryFinal } from "../../core/retry/chain.ts";
import { isShed } from "../../core/load/errors.ts";
import { parseRetryAfter, readHttpError } from "./http_error.ts";

const target = { method: "GET", route: "/x", service: "users" };
const problem = "application/problem+json";

const waits: [text: string | null, ms: number | undefined][] = [
  [null, undefined],
  ["0", 0],
  ["120", 120_000],
  ["1.5", undefined],
  ["-1", undefined],
  ["99999999999", undefined],
  ["Thu, 01 Jan 1970 00:00:30 GMT", 20_000],
  ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
  ["2030-01-01", undefined],
  ["tomorrow GMT", undefined],
];
for (const [text, ms] of waits) {
  Deno.test(`parseRetryAfter() reads ${text}`, () =>
    assertEquals(parseRetryAfter(text, 10_000), ms));
}

const answers: {
  name: string;
  type: string;
  body: string;
  code: string;
  message: string;
  details?: unknown;
}[] = [
  { name: "no body", type: "text/plain", body: "", code: "not_found", message: "it answered 404" },
  {
    name: "text, unread",
    type: "text/html",
    body: "<b>",
    code: "not_found",
    message: "it answered 404",
  },
  {
    name: "a problem",
    type: problem,
    body: '{"code":"aborted","detail":"Cannot x: y","status":404,"reason":"overloaded"}',
    code: "aborted",
    message: "it answered 404: Cannot x: y",
    details: { reason: "overloaded" },
  },
  {
    name: "a problem of others",
    type: problem,
    body: '{"title":"no"}',
    code: "not_found",
    message: "it answered 404",
  },
  {
    name: "an unknown code",
    type: problem,
    body: '{"code":"odd"}',
    code: "not_found",
    message: "it answered 404",
  },
  {
    name: "a broken problem",
    type: problem,
    body: '{"code"',
    code: "not_found",
    message: "it answered 404",
  },
  { name: "a list", type: problem, body: "[1]", code: "not_found", message: "it answered 404" },
  {
    name: "plain JSON, of which only the code counts",
    type: "application/json",
    body: '{"code":"aborted","detail":"secret","x":1}',
    code: "aborted",
    message: "it answered 404",
  },
];
for (const { name, type, body, code, message, details } of answers) {
  Deno.test(`readHttpError() reads ${name}`, async () => {
    const response = new Response(body, { status: 404, headers: { "content-type": type } });
    const error = await readHttpError(response, target, 0);
    assertEquals([error.code, error.status, error.body], [code, 404, body]);
    assertEquals(error.message, `Cannot GET "/x" of users: ${message}`);
    assertEquals<unknown>(error.details, details);
  });
}

Deno.test("readHttpError() knows a shed, and an error that must not be retried", async () => {
  const headers = { "content-type": problem, "grpc-retry-pushback-ms": "-1" };
  const body = '{"code":"unavailable","reason":"circuit_open"}';
  const error = await readHttpError(new Response(body, { status: 503, headers }), target, 0);
  assertEquals([isShed(error), isRetryFinal(error)], [true, true]);
});

Deno.test("HttpError of a status below 400 answers as a bad gateway", async () => {
  const error = await readHttpError(new Response(null, { status: 304 }), target, 0);
  assertEquals([error.status, error.httpStatus], [304, 502]);
});
