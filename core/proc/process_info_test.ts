import { assert, assertEquals } from "@std/assert";
import { nameOf, processId, processName } from "./process_info.ts";

const names = [
  { path: "/usr/local/bin/orders", name: "orders" },
  { path: "file:///srv/app/greet.ts", name: "greet" },
  { path: "https://example.com/tool/main.ts?x=/y.ts#z", name: "main" },
];

for (const { path, name } of names) {
  Deno.test(`nameOf() of ${path}`, () => assertEquals(nameOf(path), name));
}

Deno.test("processName() and processId() know this process", () => {
  assert(processName() !== "");
  assertEquals(processId(), Deno.pid);
});
