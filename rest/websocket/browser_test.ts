/** Events, websockets, uploads, compressed answers and cookies in a real browser, where there is one. */
import { assertEquals } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { int } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { compress } from "../middleware/compress.ts";
import { withCookie } from "../response/cookie.ts";
import { EventChannel } from "../response/event_channel.ts";
import { json } from "../response/json.ts";
import { lastEventId, type ServerSentEvent, sse } from "../response/sse.ts";
import { html } from "../response/text.ts";
import { Server } from "../server.ts";
import { webSocket } from "./web_socket.ts";

const PAGE = `<!doctype html><script>
const result = {};
const events = () => new Promise((resolve) => {
  const seen = [];
  const source = new EventSource("/events");
  source.addEventListener("tick", (event) => {
    seen.push([event.lastEventId, event.data]);
    if (seen.length === 4) { source.close(); resolve(seen); }
  });
});
const echo = () => new Promise((resolve) => {
  const socket = new WebSocket("ws://" + location.host + "/socket", ["v1"]);
  socket.onopen = () => socket.send(JSON.stringify({ n: 20 }));
  socket.onmessage = ({ data }) => { result.protocol = socket.protocol; result.socket = data; socket.send("nonsense"); };
  socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]);
});
const upload = async () => {
  const form = new FormData();
  form.append("album", "7");
  form.append("photo", new File(["x".repeat(200000)], 'na"me ü.png'));
  form.append("none", new File([], ""));
  return await (await fetch("/upload", { method: "POST", body: form })).json();
};
(async () => {
  try {
    result.events = await events();
    result.close = await echo();
    result.upload = await upload();
    const list = await fetch("/list");
    result.list = [list.headers.get("vary"), (await list.json()).length];
    result.cookie = await (await fetch("/cookie")).json();
  } catch (error) {
    result.error = String(error);
  }
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
})();
</script>`;

const upload = object({ album: int().in("form") });
const numbered = object({ n: int() });

function site(report: (result: unknown) => void): Server {
  const config = { Name: "test", Host: "127.0.0.1", Port: 0 };
  const server = new Server(config, { log: new MemoryLog() });
  const channel = new EventChannel({ epoch: "e" });
  for (let n = 1; n <= 4; n++) channel.publish({ n }, { event: "tick" });
  server.get("/", () => withCookie(html(PAGE), "sid", "a b;c"));
  server.get("/events", (request, context) => {
    const last = lastEventId(request);
    // Cut off after two, to see the browser come back for the rest.
    const all = channel.subscribe(last ?? "e-0");
    return sse(context, last === undefined ? firstOf(all, 2) : all, { retryMs: 10 });
  });
  server.get(
    "/socket",
    webSocket(async (session) => {
      for await (const { n } of session) await session.sendJson({ twice: 2 * n });
    }, { message: numbered, protocols: ["v2", "v1"] }),
  );
  server.post("/upload", async (_request, context) => {
    const files: unknown[] = [];
    const { album } = await context.bind(upload, {
      onFile: async (part) => files.push([part.name, part.filename, (await part.text()).length]),
    });
    return json({ album, files });
  });
  server.get("/list", () => json(new Array(1000).fill("item")), { middleware: [compress()] });
  server.get("/cookie", (request) => json(request.headers.get("cookie")));
  server.post("/result", async (request) => {
    report(await request.json());
    return json("thanks");
  });
  return server;
}

async function* firstOf(
  events: AsyncIterable<ServerSentEvent>,
  count: number,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) {
    yield event;
    if (--count === 0) return;
  }
}

async function browser(): Promise<string | undefined> {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] })
      .output();
    if (success) return name;
  }
  return undefined;
}

const name = await browser();

Deno.test({
  name: "a browser gets events, websockets, uploads, compression and cookies (needs chromium)",
  ignore: name === undefined,
  fn: async () => {
    const reported = Promise.withResolvers<unknown>();
    await using server = site(reported.resolve);
    await server.start();
    const profile = await Deno.makeTempDir();
    const url = `http://127.0.0.1:${server.address.port}/`;
    const args = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${profile}`,
      url,
    ];
    const child = new Deno.Command(name!, { args, stdout: "null", stderr: "null" }).spawn();
    try {
      assertEquals(await reported.promise, {
        events: [["e-1", '{"n":1}'], ["e-2", '{"n":2}'], ["e-3", '{"n":3}'], ["e-4", '{"n":4}']],
        protocol: "v1",
        socket: '{"twice":40}',
        close: [1007, true],
        upload: { album: 7, files: [["photo", 'na"me ü.png', 200_000]] },
        list: ["Accept-Encoding", 1000],
        cookie: "sid=a%20b%3Bc",
      });
    } finally {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(profile, { recursive: true }).catch(() => {}); // Its helpers may still be at it.
    }
  },
});
