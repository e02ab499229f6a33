import { assertEquals } from "@std/assert";
import { ambientFault, importFault, runtimeFault } from "./lint_plugin.ts";
import plugin from "./lint_plugin.ts";
import { dirname, fromFileUrl, join } from "@std/path";

const imports: [place: string, specifier: string, fault: string | undefined][] = [
  ["core/async/pool.ts", "../clock.ts", undefined],
  ["core/async/pool.ts", "@std/assert", undefined],
  ["core/async/pool.ts", "../../rest/server.ts", "core must not import rest: it may import core"],
  ["rest/server.ts", "../core/clock.ts", undefined],
  ["rest/server.ts", "../rpc/server.ts", "rest must not import rpc: it may import rest, core"],
  [
    "rest/server.ts",
    "../store/redis/client.ts",
    "rest must not import store: it may import rest, core",
  ],
  ["rpc/server.ts", "../rest/server.ts", "rpc must not import rest: it may import rpc, core"],
  ["rpc/gateway/gateway.ts", "../../rest/server.ts", undefined],
  [
    "store/kv/store.ts",
    "../../cli/main.ts",
    "store must not import cli: it may import store, core",
  ],
  ["cli/main.ts", "../rest/server.ts", undefined],
  ["cli/main.ts", "../deno.json", undefined],
  ["rest/a.ts", "../core/log/mod.ts", "Import the file that defines the name; mod.ts is for users"],
  ["rest/mod.ts", "./router/mod.ts", undefined],
  ["rest/a.ts", "../core/schema/_run.ts", "_run.ts is private to core/schema"],
  ["core/schema/a.ts", "./_run.ts", undefined],
  [
    "rest/a.ts",
    "@zeno/zeno/core/log",
    "Import the defining file by its path; the package name is for users",
  ],
  ["rest/a.ts", "node:crypto", "Only the edge touches the runtime; pass in what this needs"],
  ["core/proc/a.ts", "node:process", undefined],
  ["core/retry/a.ts", "node:async_hooks", undefined],
  [
    "store/redis/client.ts",
    "npm:ioredis@^6",
    "Only a driver.ts imports a third-party package such as npm:ioredis@^6",
  ],
  ["store/redis/driver.ts", "npm:ioredis@^6", undefined],
  ["rest/server_test.ts", "../cli/main.ts", undefined],
  ["examples/greet/main.ts", "@zeno/zeno/rest", undefined],
];

for (const [place, specifier, fault] of imports) {
  Deno.test(`importFault() judges ${specifier} in ${place}`, () => {
    assertEquals(importFault(place, specifier), fault);
  });
}

Deno.test("ambientFault() lets only the clock, tests and the command line read time", () => {
  const faulty = ["core/a.ts", "rest/a.ts", "rpc/a.ts", "store/a.ts"];
  const fine = ["core/clock.ts", "core/a_test.ts", "rest/a_bench.ts", "cli/a.ts", "bench/a.ts"];
  assertEquals(faulty.filter((place) => !ambientFault(place, "Date.now")), []);
  assertEquals(fine.filter((place) => ambientFault(place, "Date.now")), []);
});

Deno.test("runtimeFault() lets only the edge touch Deno", () => {
  assertEquals(["core/a.ts", "rest/server.ts"].filter((place) => !runtimeFault(place)), []);
  assertEquals(["core/proc/a.ts", "rest/listener/serve.ts", "cli/a.ts"].filter(runtimeFault), []);
});

Deno.test("the plugin reports each kind of fault with its place", () => {
  const root = dirname(dirname(fromFileUrl(import.meta.url)));
  const source = `
    import { a } from "../../rest/a.ts";
    export * from "npm:b";
    export const now = Date.now() + Math.random();
    setTimeout(() => {}, 1);
    new Date();
    Deno.exit();
  `;
  const found = Deno.lint.runPlugin(plugin, join(root, "core/x/a.ts"), source);
  assertEquals(found.map(({ id }) => id).sort(), [
    "zeno/edge",
    "zeno/imports",
    "zeno/imports",
    "zeno/injected-time",
    "zeno/injected-time",
    "zeno/injected-time",
    "zeno/injected-time",
  ]);
});
