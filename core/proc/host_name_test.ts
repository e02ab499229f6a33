import { assertEquals, assertMatch } from "@std/assert";
import { hostName } from "./host_name.ts";

Deno.test("hostName() is the system's", () => assertEquals(hostName(), Deno.hostname()));

Deno.test("hostName() makes up a name, and keeps it, where it may not ask", async () => {
  const module = JSON.stringify(new URL("./host_name.ts", import.meta.url).href);
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    path,
    `import { hostName } from ${module}; console.log(hostName(), hostName() === hostName());`,
  );
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", path],
  }).output();
  await Deno.remove(path);
  assertEquals(code, 0);
  assertMatch(
    new TextDecoder().decode(stdout),
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} true\n$/,
  );
});
