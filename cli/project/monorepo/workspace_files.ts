/**
 * What stands at the root of the workspace.
 *
 * @module
 */

import { workspaceJson } from "../../generate/deno_json.ts";
import { onceFile, type TextFile } from "../../generate/generated_file.ts";
import { PROTO_FILES } from "./protos.ts";
import { workspaceReadme } from "./readme.ts";

/** Folders of the members; they start in this order. */
export const MEMBERS = ["stock", "order", "gateway"] as const;

/** The files. */
export function workspaceFiles(name: string, link: string | undefined): TextFile[] {
  const texts = {
    ...PROTO_FILES,
    "deno.json": workspaceJson({ members: MEMBERS, link, start: "start.ts" }),
    "README.md": workspaceReadme(name),
    "start.ts": START,
    "tests/shop_test.ts": TEST,
  };
  return Object.entries(texts).map(([path, text]) => onceFile(path, text));
}

const START = `/**
 * Starts all services of the workspace, each in a process of its own, one behind the other. When one ends, or this program is
 * asked to, all stop.
 *
 * @module
 */

const NAMES = ${JSON.stringify(MEMBERS).replaceAll(",", ", ")};

const processes: Deno.ChildProcess[] = [];
let stopping = false;

function stop(): void {
  if (stopping) return;
  stopping = true;
  for (const process of processes) {
    try {
      process.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
  }
}

/** Shows the lines of a service behind its name, and calls \`onServing\` when one says that it serves. */
async function show(
  name: string,
  stream: ReadableStream<Uint8Array>,
  onServing: () => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      console.log(\`\${name.padEnd(8)}\${line}\`);
      if (line.includes("Serving ")) onServing();
    }
  }
}

/** Starts a service; resolves when it serves, or has ended. */
async function start(name: string): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P", "main.ts"],
    cwd: name,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // Ctrl+C is for this program, which passes it on once.
  }).spawn();
  processes.push(process);
  const serving = Promise.withResolvers<void>();
  show(name, process.stdout, serving.resolve);
  show(name, process.stderr, serving.resolve);
  const ended = process.status.then(stop);
  await Promise.race([serving.promise, ended]);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
for (const name of NAMES) {
  if (!stopping) await start(name);
}
if (!stopping) console.log("\\nAll services run. Try: curl localhost:8888/items/pen\\n");
const ends = await Promise.all(processes.map(({ status }) => status));
Deno.exit(ends.find(({ code }) => code !== 0)?.code ?? 0);
`;

const TEST = `import { assertEquals } from "@std/assert";
import { noopLogger } from "@zeno/zeno/core/log";
import { RpcServer } from "@zeno/zeno/rpc";
import { Gateway } from "@zeno/zeno/rpc/gateway";
import { parseConfig } from "@zeno/zeno/core/conf";
import { configSchema as orderConfig } from "../order/internal/config/config.ts";
import { registerServices as registerOrders } from "../order/internal/server/register.gen.ts";
import { ServiceContext as OrderContext } from "../order/internal/svc/service_context.ts";
import { configSchema as stockConfig } from "../stock/internal/config/config.ts";
import { registerServices as registerStock } from "../stock/internal/server/register.gen.ts";
import { ServiceContext as StockContext } from "../stock/internal/svc/service_context.ts";

const Log = { Level: "severe" } as const;

/** Runs a test with the gateway before both services, all within this process. */
async function withShop(test: (gateway: Gateway) => Promise<void>): Promise<void> {
  const stock = { Name: "stock.rpc", ListenOn: "inproc:///shop-stock", Log };
  const order = { Name: "order.rpc", ListenOn: "inproc:///shop-order", Log };
  const stockConf = parseConfig(stockConfig, JSON.stringify(stock), "json");
  await using stockServer = new RpcServer(stockConf);
  registerStock(stockServer, new StockContext(stockConf));
  await stockServer.start();

  const orderConf = parseConfig(
    orderConfig,
    JSON.stringify({ ...order, Stock: { Target: stock.ListenOn } }),
    "json",
  );
  await using orderServer = new RpcServer(orderConf);
  await using svc = new OrderContext(orderConf, orderServer.runtime.log);
  registerOrders(orderServer, svc);
  await orderServer.start();

  const upstreams = [
    { Grpc: { Target: stock.ListenOn }, ProtoSets: ["gateway/etc/stock.gen.pb"] },
    { Grpc: { Target: order.ListenOn }, ProtoSets: ["gateway/etc/order.gen.pb"] },
  ];
  await using gateway = new Gateway(
    { Name: "gateway", Port: 0, Log, Upstreams: upstreams },
    { client: { log: noopLogger } },
  );
  await gateway.connect();
  await test(gateway);
}

function post(path: string, body: unknown): Request {
  const headers = { "content-type": "application/json" };
  return new Request(\`http://localhost\${path}\`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
}

Deno.test("an order by HTTP takes from the stock", () =>
  withShop(async (gateway) => {
    const placed = await gateway.fetch(post("/orders", { sku: "book", count: 2 }));
    const order = await placed.json();
    assertEquals([placed.status, order.item.name, order.total], [200, "Book", 3000]);
    const found = await gateway.fetch(new Request(\`http://localhost/orders/\${order.id}\`));
    assertEquals(await found.json(), order);
    const left = await gateway.fetch(new Request("http://localhost/items/book"));
    assertEquals((await left.json()).left, 1);
  }));

Deno.test("an order of more than there is comes back with the reason", () =>
  withShop(async (gateway) => {
    const response = await gateway.fetch(post("/orders", { sku: "book", count: 9 }));
    const { detail } = await response.json();
    assertEquals([response.status, detail], [400, 'Cannot reserve 9 of "book": 3 left']);
  }));
`;
