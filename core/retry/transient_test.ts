import { assertEquals } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { isTransient } from "./transient.ts";

const cases: { name: string; error: unknown; transient: boolean }[] = [
  { name: "a time that is up", error: new DOMException("late", "TimeoutError"), transient: true },
  { name: "the caller's abort", error: new DOMException("gone", "AbortError"), transient: false },
  { name: "another DOMException", error: new DOMException("no", "NetworkError"), transient: true },
  { name: "a broken connection", error: new TypeError("connection reset"), transient: true },
  { name: "a thrown string", error: "reset", transient: true },
  { name: "a thrown undefined", error: undefined, transient: true },
  {
    name: "an overload",
    error: new ServiceError("unavailable", "Cannot call: busy"),
    transient: true,
  },
  {
    name: "an answer",
    error: new ServiceError("not_found", "Cannot find: no id"),
    transient: false,
  },
  { name: "a fault", error: new ServiceError("internal", "Cannot call: fault"), transient: false },
];
for (const { name, error, transient } of cases) {
  Deno.test(`isTransient() says ${transient} of ${name}`, () => {
    assertEquals(isTransient(error), transient);
    // The code that the error would be answered with says the same.
    assertEquals(isTransient(ServiceError.from(error)), transient);
  });
}
