/**
 * Takes the `#` from the sections that scaffolded yaml files have as comments.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./main.ts";
import { edit, uncomment } from "./testing/edit_file.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { startService } from "./testing/running_service.ts";
import { inTempFolder } from "./testing/temp_folder.ts";

async function zeno(...words: string[]): Promise<void> {
  const terminal = new MemoryTerminal();
  assertEquals(await main(words, terminal), 0, terminal.err.join("\n"));
}

const kinds: { kind: string; make: (dir: string) => Promise<void>; port: [string, string] }[] = [
  {
    kind: "REST service",
    make: (dir) => zeno("new", `${dir}/one`),
    port: ["Port: 8888", "Port: 0"],
  },
  {
    kind: "RPC service",
    make: (dir) => zeno("new", `${dir}/one`, "--template", "rpc"),
    port: ["0.0.0.0:8080", "127.0.0.1:0"],
  },
  {
    kind: "gateway",
    make: async (dir) => {
      await zeno("rpc", "template", `${dir}/greet.proto`);
      await zeno("gateway", "gen", `${dir}/greet.proto`, "--dir", `${dir}/one`);
    },
    port: ["Port: 8888", "Port: 0"],
  },
];
for (const { kind, make, port } of kinds) {
  Deno.test(`a scaffolded ${kind} starts with traces and the console that its yaml file proposes`, () =>
    inTempFolder(async (dir) => {
      await make(dir);
      const yaml = `${dir}/one/etc/one.yaml`;
      await edit(yaml, ...port);
      for (const section of ["DevServer", "Telemetry"]) await uncomment(yaml, section);
      await edit(yaml, "Port: 6060", "Port: 0");
      await using service = await startService(`${dir}/one`);
      const page = await fetch(`${service.devUrl}/debug/`, { headers: { accept: "text/html" } });
      assertStringIncludes(await page.text(), "<html");
      const metrics = await fetch(`${service.devUrl}/metrics`);
      assertEquals([page.status, metrics.status], [200, 200]);
      await metrics.body?.cancel();
      assertEquals(await service.stop(), 0);
    }));
}
