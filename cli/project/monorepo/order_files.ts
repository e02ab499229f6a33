/**
 * What is written by hand in the service that takes orders. It calls the one that knows the stock.
 *
 * @module
 */

/** Where the other service is. */
export const ORDER_YAML = `
# The stock service.
Stock:
  Endpoints:
    - 127.0.0.1:8081
  # Or in the place of Endpoints:
  # Etcd:
  #   Hosts:
  #     - 127.0.0.1:2379
  #   Key: stock.rpc
`;

/** Files by path below its folder; they take the place of scaffolded ones. */
export const ORDER_FILES: Readonly<Record<string, string>> = {
  "internal/config/config.ts": `import type { ObjectSchema } from "@zeno/zeno/core/schema";
import { object } from "@zeno/zeno/core/schema";
import type { RpcClientConf, RpcServerConf } from "@zeno/zeno/rpc";
import { rpcClientConfig, rpcServerConfig } from "@zeno/zeno/rpc";

/** Configuration of the service. */
export interface Config extends RpcServerConf {
  /** Where the stock service is. */
  readonly Stock: RpcClientConf;
}

/** Reads and checks a {@link Config}. */
export const configSchema: ObjectSchema<Config> = object({
  ...rpcServerConfig.fields,
  Stock: rpcClientConfig,
});
`,
  "internal/svc/service_context.ts": `import type { StockClient } from "@shop/stock/client";
import { stockClient } from "@shop/stock/client";
import type { Logger } from "@zeno/zeno/core/log";
import { RpcClient } from "@zeno/zeno/rpc";
import type { Order } from "../../pb/shop/order.gen.ts";
import type { Config } from "../config/config.ts";

/** What all calls share: clients, stores. Made once, when the service starts. */
export class ServiceContext implements AsyncDisposable {
  /** Configuration of the service. */
  readonly config: Config;
  /** Calls the stock service. */
  readonly stock: StockClient;
  /** Orders by id, in memory; a real service has a database. */
  readonly orders: Map<string, Order> = new Map();
  readonly #client: RpcClient;

  /** Opens what the service needs. */
  constructor(config: Config, log: Logger) {
    this.config = config;
    this.#client = new RpcClient(config.Stock, { log });
    this.stock = stockClient(this.#client);
  }

  /** Closes what was opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }
}
`,
  "main.ts": `import { configFile, loadConfig } from "@zeno/zeno/core/conf";
import { runServices } from "@zeno/zeno/core/service";
import { RpcServer } from "@zeno/zeno/rpc";
import { configSchema } from "./internal/config/config.ts";
import { registerServices } from "./internal/server/register.gen.ts";
import { ServiceContext } from "./internal/svc/service_context.ts";

await runServices(async () => {
  const path = configFile("etc/order.yaml");
  const config = await loadConfig(configSchema, path, { env: true });
  const server = new RpcServer(config);
  const svc = new ServiceContext(config, server.runtime.log);
  registerServices(server, svc);
  // Calls that are answered while the server stops need the client.
  server.finished.then(() => svc[Symbol.asyncDispose]());
  return server;
});
`,
  "internal/logic/place_order_logic.ts": `import type { RpcContext } from "@zeno/zeno/rpc";
import type { Order, PlaceOrderRequest } from "../../pb/shop/order.gen.ts";
import type { PlaceOrderContract } from "../server/contract.gen.ts";
import type { ServiceContext } from "../svc/service_context.ts";

/** Logic of \`/shop.Orders/PlaceOrder\`. */
export class PlaceOrderLogic implements PlaceOrderContract {
  readonly #svc: ServiceContext;

  /** Made for each call. */
  constructor(_context: RpcContext, svc: ServiceContext) {
    this.#svc = svc;
  }

  /** Orders some of an item, if there is enough of it. */
  async placeOrder({ sku, count }: PlaceOrderRequest): Promise<Order> {
    // What the stock service refuses, the caller is told in its words.
    const { item } = await this.#svc.stock.reserve({ sku, count });
    const id = crypto.randomUUID();
    const order: Order = { id, item, count, total: count * (item?.price ?? 0) };
    this.#svc.orders.set(id, order);
    return order;
  }
}
`,
  "internal/logic/get_order_logic.ts": `import { ServiceError } from "@zeno/zeno/core/errors";
import type { RpcContext } from "@zeno/zeno/rpc";
import type { GetOrderRequest, Order } from "../../pb/shop/order.gen.ts";
import type { GetOrderContract } from "../server/contract.gen.ts";
import type { ServiceContext } from "../svc/service_context.ts";

/** Logic of \`/shop.Orders/GetOrder\`. */
export class GetOrderLogic implements GetOrderContract {
  readonly #svc: ServiceContext;

  /** Made for each call. */
  constructor(_context: RpcContext, svc: ServiceContext) {
    this.#svc = svc;
  }

  /** Finds an order. */
  getOrder({ id }: GetOrderRequest): Promise<Order> {
    const order = this.#svc.orders.get(id);
    if (order) return Promise.resolve(order);
    throw new ServiceError("not_found", \`Cannot find order: there is no "\${id}"\`);
  }
}
`,
  "tests/test_server.ts": `import { stockService } from "@shop/stock/client";
import { parseConfig } from "@zeno/zeno/core/conf";
import { ServiceError } from "@zeno/zeno/core/errors";
import { noopLogger } from "@zeno/zeno/core/log";
import { RpcClient, RpcServer } from "@zeno/zeno/rpc";
import { configSchema } from "../internal/config/config.ts";
import { registerServices } from "../internal/server/register.gen.ts";
import { ServiceContext } from "../internal/svc/service_context.ts";

const CONFIG = {
  Name: "order.rpc",
  ListenOn: "inproc:///order",
  Log: { Level: "severe" },
  Stock: { Target: "inproc:///stock-of-order" },
};

/** A stock service that has one pen. */
function makeStock(): RpcServer {
  const server = new RpcServer({
    Name: "stock.rpc",
    ListenOn: CONFIG.Stock.Target,
    Log: { Level: "severe" },
  });
  const item = { sku: "pen", name: "Pen", price: 120 };
  return server.add(stockService, {
    getItem: () => ({ item, left: 1 }),
    reserve: ({ count }) => {
      if (count <= 1) return { item };
      throw new ServiceError("failed_precondition", "Cannot reserve: 1 left");
    },
  });
}

/** Runs a test with a client of this service, which serves within this process meanwhile. */
export async function withClient(
  test: (client: RpcClient) => Promise<void>,
): Promise<void> {
  await using stock = makeStock();
  await stock.start();
  const config = parseConfig(configSchema, JSON.stringify(CONFIG), "json");
  await using server = new RpcServer(config);
  await using svc = new ServiceContext(config, server.runtime.log);
  registerServices(server, svc);
  await server.start();
  const log = noopLogger;
  await using client = new RpcClient({ Target: "inproc:///order" }, { log });
  await test(client);
}
`,
  "tests/place_order_logic_test.ts": `import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "@zeno/zeno/core/errors";
import { ordersService } from "../pb/shop/order.gen.ts";
import { withClient } from "./test_server.ts";

Deno.test("/shop.Orders/PlaceOrder sets aside what is ordered", () =>
  withClient(async (client) => {
    const stub = client.stub(ordersService);
    const { item, count, total } = await stub.placeOrder({ sku: "pen", count: 1 });
    assertEquals([item?.name, count, total], ["Pen", 1, 120]);
  }));

Deno.test("/shop.Orders/PlaceOrder refuses what is not there", () =>
  withClient(async (client) => {
    const stub = client.stub(ordersService);
    const order = () => stub.placeOrder({ sku: "pen", count: 2 });
    const error = await assertRejects(order, ServiceError, "1 left");
    assertEquals(error.code, "failed_precondition");
  }));
`,
  "tests/get_order_logic_test.ts": `import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "@zeno/zeno/core/errors";
import { ordersService } from "../pb/shop/order.gen.ts";
import { withClient } from "./test_server.ts";

Deno.test("/shop.Orders/GetOrder finds what was ordered", () =>
  withClient(async (client) => {
    const stub = client.stub(ordersService);
    const order = await stub.placeOrder({ sku: "pen", count: 1 });
    assertEquals(await stub.getOrder({ id: order.id }), order);
    await assertRejects(() => stub.getOrder({ id: "x" }), ServiceError, 'no "x"');
  }));
`,
};
