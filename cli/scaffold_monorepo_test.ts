/**
 * Runs the workspace of `zeno new --template monorepo`. Each test starts several processes, so there are few.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../core/testing/eventually.ts";
import { provisionEtcd } from "../core/testing/provision_etcd.ts";
import { main } from "./main.ts";
import { edit, uncomment } from "./testing/edit_file.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

async function makeShop(dir: string): Promise<string[]> {
  const terminal = new MemoryTerminal();
  assertEquals(await main(["new", dir, "--template", "monorepo"], terminal), 0);
  return terminal.out;
}

async function assertSucceeds(dir: string, ...args: string[]): Promise<string> {
  const { code, output } = await runDeno(dir, ...args);
  assertEquals(code, 0, output);
  return output;
}

/** Gives every service a port that is free. */
async function choosePorts(
  dir: string,
): Promise<{ stock: number; order: number; gateway: number }> {
  const listeners = [1, 2, 3].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [stock, order, gateway] = listeners.map(({ addr }) => addr.port) as [
    number,
    number,
    number,
  ];
  for (const listener of listeners) listener.close();
  await edit(`${dir}/stock/etc/stock.yaml`, "0.0.0.0:8081", `127.0.0.1:${stock}`);
  await edit(`${dir}/order/etc/order.yaml`, "0.0.0.0:8082", `127.0.0.1:${order}`);
  await edit(`${dir}/order/etc/order.yaml`, "127.0.0.1:8081", `127.0.0.1:${stock}`);
  await edit(`${dir}/gateway/etc/gateway.yaml`, "127.0.0.1:8081", `127.0.0.1:${stock}`);
  await edit(`${dir}/gateway/etc/gateway.yaml`, "127.0.0.1:8082", `127.0.0.1:${order}`);
  await edit(`${dir}/gateway/etc/gateway.yaml`, "Port: 8888", `Port: ${gateway}`);
  return { stock, order, gateway };
}

/** `deno task start`, which runs until it is asked to stop. */
class Shop implements AsyncDisposable {
  said = "";
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  constructor(dir: string) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-run", "start.ts"],
      cwd: dir,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      this.said += text;
    }
  }

  async stop(signal: Deno.Signal): Promise<number> {
    this.#process.kill(signal);
    return await this.ended();
  }

  async ended(): Promise<number> {
    await this.#reading;
    return (await this.#process.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop("SIGTERM");
    } catch {
      // It has ended.
    }
  }
}

async function order(port: number, body: unknown): Promise<[number, Record<string, unknown>]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`http://127.0.0.1:${port}/orders`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()];
}

Deno.test("zeno new --template monorepo makes a workspace that passes its own checks, starts and answers", () =>
  inTempFolder(async (folder) => {
    const dir = `${folder}/shop`;
    const out = await makeShop(dir);
    assertMatch(out.at(-1)!, /cd .*shop && deno task start\n {2}curl localhost:8888\/items\/pen$/);
    await assertSucceeds(dir, "task", "check");
    assertStringIncludes(await assertSucceeds(dir, "task", "test"), "10 passed");
    await assertSucceeds(dir, "task", "gen:check");

    const ports = await choosePorts(dir);
    await using shop = new Shop(dir);
    await eventually("all services", () => shop.said.includes("All services run"), {
      timeoutMs: 60_000,
    });
    const item = { sku: "book", name: "Book", price: 1500 };
    const [status, placed] = await order(ports.gateway, { sku: "book", count: 2 });
    assertEquals([status, placed.item, placed.total], [200, item, 3000]);
    const [refused, problem] = await order(ports.gateway, { sku: "book", count: 2 });
    assertEquals([refused, problem.detail], [400, 'Cannot reserve 2 of "book": 1 left']);
    // Without an annotation there is no way in.
    const inner = await fetch(`http://127.0.0.1:${ports.gateway}/shop.Stock/Reserve`, {
      method: "POST",
    });
    assertEquals([inner.status, (await inner.json()).status], [404, 404]);

    assertEquals(await shop.stop("SIGINT"), 0);
    for (const port of Object.values(ports)) Deno.listen({ hostname: "127.0.0.1", port }).close();
  }));

Deno.test("a workspace where one service cannot start stops the others and says why", () =>
  inTempFolder(async (folder) => {
    const dir = `${folder}/shop`;
    await makeShop(dir);
    const ports = await choosePorts(dir);
    using _taken = Deno.listen({ hostname: "127.0.0.1", port: ports.order });
    await using shop = new Shop(dir);
    assertEquals(await shop.ended(), 1);
    assertMatch(shop.said, /^order +.*Cannot listen/m);
    Deno.listen({ hostname: "127.0.0.1", port: ports.stock }).close();
  }));

Deno.test("a workspace can be made again, and follows its .proto files", () =>
  inTempFolder(async (folder) => {
    const dir = `${folder}/shop`;
    await makeShop(dir);
    await edit(`${dir}/order/main.ts`, "await runServices", "// mine\nawait runServices");
    await edit(`${dir}/proto/shop/stock.proto`, "int32 left = 2", "int32 left = 3");
    await Deno.remove(`${dir}/stock/internal/stock/shelf.ts`);
    await makeShop(dir);
    assertStringIncludes(await Deno.readTextFile(`${dir}/order/main.ts`), "// mine");
    assertStringIncludes(
      await Deno.readTextFile(`${dir}/stock/pb/shop/stock.gen.ts`),
      '(3, "left"',
    );
    await assertSucceeds(dir, "task", "gen:check");
    const left = [...Deno.readDirSync(`${dir}/stock/internal/stock`)];
    assertEquals(left.length, 0);
  }));

Deno.test("the services of a workspace find each other by etcd, once their yaml files say so", () =>
  inTempFolder(async (folder) => {
    await using etcd = await provisionEtcd();
    const dir = `${folder}/shop`;
    await makeShop(dir);
    const { gateway } = await choosePorts(dir);
    const [stock, orders, edge] = ["stock", "order", "gateway"].map((name) =>
      `${dir}/${name}/etc/${name}.yaml`
    ) as [string, string, string];
    for (const path of [stock, orders, orders, edge, edge]) await uncomment(path, "Etcd");
    for (const path of [orders, edge, edge]) await edit(path, /^ +Endpoints:\n.*\n/m, "");
    for (const path of [stock, orders, orders, edge, edge]) {
      await edit(path, "127.0.0.1:2379", etcd.host);
    }
    await using _shop = new Shop(dir);
    await eventually("an order", async () => {
      try {
        return (await order(gateway, { sku: "pen", count: 1 }))[0] === 200;
      } catch {
        return false; // It does not listen yet.
      }
    }, { timeoutMs: 60_000 });
  }));
