/**
 * A generated service whose routes are tools, in a process of its own.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Client, StreamableHTTPClientTransport } from "npm:@modelcontextprotocol/client@2.4.0";
import { signToken } from "../rest/jwt/token.ts";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { startService } from "./testing/running_service.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

const API = `type Req {
	// Who is greeted.
	Name  string   \`path:"name"\`
	Times int      \`form:"times,range=[1:3],default=1"\`
	Tags  []string \`form:"tags,optional"\`
}

type Resp {
	Text string  \`json:"text"\`
	Note *string \`json:"note"\`
}

type NoteReq {
	Text string \`json:"text"\`
}

@server (
	mcp: true
)
service hello-api {
	@doc "Says hello"
	@handler sayHello
	get /hello/:name (Req) returns (Resp)

	@doc (
		summary: "Stops everything"
		mcp:     "false"
	)
	@handler stopAll
	delete /all
}

@server (
	prefix: /mine
	jwt:    Auth
)
service hello-api {
	@doc (
		summary: "Keeps a note"
		mcp:     "true"
	)
	@handler keepNote
	post /notes (NoteReq) returns ([]Resp)
}
`;
const SECRET = "the secret of the tokens of this test";

async function gen(file: string, ...flags: string[]): Promise<string> {
  const terminal = new MemoryTerminal();
  assertEquals(await main(["api", "gen", file, ...flags], terminal), 0, terminal.err.join("\n"));
  return [...terminal.out, ...terminal.err].join("\n");
}

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const edited = text.replace(from, () => to);
  assert(edited !== text, `${path} has no ${from}`);
  await Deno.writeTextFile(path, edited);
}

async function generate(dir: string): Promise<void> {
  await Deno.writeTextFile(`${dir}/hello.api`, API);
  await gen(`${dir}/hello.api`);
  await edit(`${dir}/etc/hello.yaml`, "Port: 8888", "Port: 0");
  await edit(`${dir}/etc/hello.yaml`, "MessageEndpoint: /mcp", "MessageEndpoint: /assist");
  const answers = {
    say_hello: "{ text: `Hello, ${request.name}!`.repeat(request.times), note: null }",
    keep_note: '[{ text: request.text, note: "kept" }]',
  };
  for (const [name, answer] of Object.entries(answers)) {
    await edit(
      `${dir}/internal/logic/${name}_logic.ts`,
      /throw new ServiceError\([\s\S]*?\);/,
      `return Promise.resolve(${answer});`,
    );
    await edit(`${dir}/internal/logic/${name}_logic.ts`, /_request/, "request");
  }
}

async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL("/assist", url), { requestInit: { headers } }),
  );
  return client;
}

Deno.test("a generated service offers routes as tools, through their chains and with the caller's token", async (t) => {
  await inTempFolder(async (dir) => {
    await generate(dir);
    await using service = await startService(dir, { AUTH_ACCESS_SECRET: SECRET });
    const client = await connect(service.url);

    await t.step("lists those that are chosen, with what the .api file says of them", async () => {
      assertEquals(client.getServerVersion()?.name, "hello");
      const { tools } = await client.listTools();
      assertEquals(tools.map(({ name, description }) => [name, description]), [
        ["keepNote", "Keeps a note"],
        ["sayHello", "Says hello"],
      ]);
      const [keep, say] = tools;
      assertEquals(say?.inputSchema.properties?.name, {
        type: "string",
        description: "Who is greeted.",
      });
      assertEquals(say?.inputSchema.required, ["name"]);
      assertEquals(say?.outputSchema?.required, ["text", "note"]);
      assertEquals(Object(keep?.outputSchema?.properties).result.type, "array");
    });

    await t.step("calls one, with its answer as a value", async () => {
      const args = { name: "a/b", times: 2 };
      const result = await client.callTool({ name: "sayHello", arguments: args });
      assertEquals(result.structuredContent, { text: "Hello, a/b!Hello, a/b!", note: null });
    });

    await t.step("refuses arguments that do not fit, in words", async () => {
      const args = { name: "you", times: 4 };
      const result = await client.callTool({ name: "sayHello", arguments: args });
      assertEquals(result.isError, true);
      assertStringIncludes(JSON.stringify(result.content), "times");
    });

    await t.step("refuses a call without a token where the route wants one", async () => {
      const call = { name: "keepNote", arguments: { text: "x" } };
      const refused = await client.callTool(call);
      assertEquals([refused.isError, refused.structuredContent], [true, undefined]);
      for (
        const [secret, error] of [["another secret of this test", true], [
          SECRET,
          undefined,
        ]] as const
      ) {
        const authorization = `Bearer ${signToken({ sub: "ada" }, secret)}`;
        const known = await connect(service.url, { authorization });
        const result = await known.callTool(call);
        await known.close();
        assertEquals(result.isError, error);
        if (error) continue;
        assertEquals(result.structuredContent, { result: [{ text: "x", note: "kept" }] });
      }
    });

    await t.step("stops with a client that listens", async () => {
      assertEquals(await service.stop(), 0);
      await client.close();
    });
  });
});

Deno.test("api gen says what to add to a main.ts that was there before the tools", () =>
  inTempFolder(async (dir) => {
    const file = `${dir}/hello.api`;
    await Deno.writeTextFile(file, API.replaceAll(/mcp: +"?true"?/g, 'x_mcp: "no"'));
    assertEquals((await gen(file)).includes("addTools"), false);
    assertEquals((await Deno.readTextFile(`${dir}/main.ts`)).includes("mcp"), false);
    await Deno.writeTextFile(file, API);
    const said = await gen(file);
    assertStringIncludes(said, "main.ts is yours and offers no tools yet");
    const [, imports = "", statements = ""] = /:\n(.*?)\n\n(.*)$/s.exec(said) ?? [];
    await edit(`${dir}/main.ts`, /^/, `${imports.replaceAll(/^ +/gm, "")}\n`);
    await edit(`${dir}/main.ts`, "  return server;", `${statements}\n  return server;`);
    assertEquals((await gen(file)).includes("addTools"), false);
    const { code, output } = await runDeno(dir, "check", "main.ts");
    assertEquals(code, 0, output);
  }));

Deno.test("generated tools pass fmt, lint, check and tests without exceptions", () =>
  inTempFolder(async (dir) => {
    const path = fromFileUrl(new URL("./generate/rest/testdata/tools.api", import.meta.url));
    for (const flags of [[], ["--int64", "bigint", "--type-group", "--handlers", "--test"]]) {
      const target = `${dir}/${flags.length}`;
      await gen(path, "--dir", target, ...flags);
      for (const words of [["fmt", "--check"], ["lint"], ["check"]]) {
        const { code, output } = await runDeno(target, ...words);
        assertEquals(code, 0, output);
      }
      if (flags.length === 0) continue;
      const { code, output } = await runDeno(target, "test", "-P", "--no-check");
      assertEquals(code, 0, output);
    }
  }));
