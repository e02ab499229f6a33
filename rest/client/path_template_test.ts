import { assertEquals, assertThrows } from "@std/assert";
import { BadCallError } from "./errors.ts";
import { PathTemplate } from "./path_template.ts";

const filled: [pattern: string, values: Record<string, string>, path: string][] = [
  ["/", {}, "/"],
  ["/users/:id", { id: "7" }, "/users/7"],
  ["/:a/x/:b", { b: "2", a: "1" }, "/1/x/2"],
  ["/:a/:a", { a: "1" }, "/1/1"],
  ["/:a", { a: "x/y?z#ü %" }, "/x%2Fy%3Fz%23%C3%BC%20%25"],
  ["/:a", { a: "\ud800" }, "/%EF%BF%BD"],
  ["/a:b/:", {}, "/a:b/:"],
  ["/:a", { a: "..." }, "/..."],
];
for (const [pattern, values, path] of filled) {
  Deno.test(`PathTemplate.fill() makes ${path} of ${pattern}`, () => {
    assertEquals(new PathTemplate("GET", pattern).fill(values), path);
  });
}

const refused: [pattern: string, values: Record<string, string>, text: string][] = [
  ["/users/:id", {}, 'missing path variable "id"'],
  ["/users/:toString", {}, 'missing path variable "toString"'],
  ["/users/:id", { id: "" }, 'empty path variable "id"'],
  ["/users/:id", { id: "1", a: "2", b: "3" }, 'more path variables are provided: "a, b"'],
  ["/users", { id: "1" }, 'more path variables are provided: "id"'],
  ["/users/:id", { id: ".." }, 'must not be "." or ".."'],
  ["/users/:id", { id: "." }, 'must not be "." or ".."'],
];
for (const [pattern, values, text] of refused) {
  Deno.test(`PathTemplate.fill() of ${pattern} says: ${text}`, () => {
    const error = assertThrows(
      () => new PathTemplate("GET", pattern).fill(values),
      BadCallError,
      text,
    );
    assertEquals(error.message.startsWith(`Cannot build request GET "${pattern}": `), true);
  });
}

for (
  const [method, path] of [["get", "/"], ["GET /", "/"], ["GET", "x"], ["GET", "/a#b"]] as const
) {
  Deno.test(`PathTemplate() refuses "${method}" with "${path}"`, () => {
    assertThrows(() => new PathTemplate(method, path), SyntaxError);
  });
}
