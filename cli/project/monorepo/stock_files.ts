/**
 * What is written by hand in the service that knows the stock.
 *
 * @module
 */

/** Files by path below its folder; they take the place of scaffolded ones. */
export const STOCK_FILES: Readonly<Record<string, string>> = {
  "internal/stock/shelf.ts": `import { ServiceError } from "@zeno/zeno/core/errors";
import type { Item } from "../../pb/shop/item.gen.ts";

/** What there is, in memory; a real service has a database. */
export class Shelf {
  readonly #left = new Map([["pen", 100], ["book", 3]]);
  readonly #items = new Map<string, Item>([
    ["pen", { sku: "pen", name: "Pen", price: 120 }],
    ["book", { sku: "book", name: "Book", price: 1500 }],
  ]);

  /** An item and how many there are; throws \`not_found\` if there is no such item. */
  find(sku: string): { item: Item; left: number } {
    const item = this.#items.get(sku);
    if (item) return { item, left: this.#left.get(sku) ?? 0 };
    throw new ServiceError("not_found", \`Cannot find item: there is no "\${sku}"\`);
  }

  /** Sets some aside; throws \`failed_precondition\` if there are not that many. */
  take(sku: string, count: number): Item {
    if (count < 1) {
      throw new ServiceError("invalid_argument", \`Cannot reserve: need count > 0, got \${count}\`);
    }
    const { item, left } = this.find(sku);
    if (count > left) {
      const message = \`Cannot reserve \${count} of "\${sku}": \${left} left\`;
      throw new ServiceError("failed_precondition", message);
    }
    this.#left.set(sku, left - count);
    return item;
  }
}
`,
  "internal/svc/service_context.ts": `import type { Config } from "../config/config.ts";
import { Shelf } from "../stock/shelf.ts";

/** What all calls share: clients, stores. Made once, when the service starts. */
export class ServiceContext {
  /** Configuration of the service. */
  readonly config: Config;
  /** What there is. */
  readonly shelf: Shelf = new Shelf();

  /** Opens what the service needs. */
  constructor(config: Config) {
    this.config = config;
  }
}
`,
  "internal/logic/get_item_logic.ts": `import type { RpcContext } from "@zeno/zeno/rpc";
import type { GetItemRequest, GetItemResponse } from "../../pb/shop/stock.gen.ts";
import type { GetItemContract } from "../server/contract.gen.ts";
import type { ServiceContext } from "../svc/service_context.ts";

/** Logic of \`/shop.Stock/GetItem\`. */
export class GetItemLogic implements GetItemContract {
  readonly #svc: ServiceContext;

  /** Made for each call. */
  constructor(_context: RpcContext, svc: ServiceContext) {
    this.#svc = svc;
  }

  /** Tells what there is of an item. */
  getItem({ sku }: GetItemRequest): Promise<GetItemResponse> {
    return Promise.resolve(this.#svc.shelf.find(sku));
  }
}
`,
  "internal/logic/reserve_logic.ts": `import type { RpcContext } from "@zeno/zeno/rpc";
import type { ReserveRequest, ReserveResponse } from "../../pb/shop/stock.gen.ts";
import type { ReserveContract } from "../server/contract.gen.ts";
import type { ServiceContext } from "../svc/service_context.ts";

/** Logic of \`/shop.Stock/Reserve\`. */
export class ReserveLogic implements ReserveContract {
  readonly #svc: ServiceContext;

  /** Made for each call. */
  constructor(_context: RpcContext, svc: ServiceContext) {
    this.#svc = svc;
  }

  /** Sets some of an item aside. */
  reserve({ sku, count }: ReserveRequest): Promise<ReserveResponse> {
    return Promise.resolve({ item: this.#svc.shelf.take(sku, count) });
  }
}
`,
  "tests/get_item_logic_test.ts": `import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "@zeno/zeno/core/errors";
import { stockService } from "../pb/shop/stock.gen.ts";
import { withClient } from "./test_server.ts";

Deno.test("/shop.Stock/GetItem tells what there is", () =>
  withClient(async (client) => {
    const stub = client.stub(stockService);
    const item = { sku: "pen", name: "Pen", price: 120 };
    assertEquals(await stub.getItem({ sku: "pen" }), { item, left: 100 });
    await assertRejects(() => stub.getItem({ sku: "cat" }), ServiceError, 'no "cat"');
  }));
`,
  "tests/reserve_logic_test.ts": `import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "@zeno/zeno/core/errors";
import { stockService } from "../pb/shop/stock.gen.ts";
import { withClient } from "./test_server.ts";

Deno.test("/shop.Stock/Reserve takes no more than there is", () =>
  withClient(async (client) => {
    const stub = client.stub(stockService);
    await stub.reserve({ sku: "book", count: 2 });
    assertEquals((await stub.getItem({ sku: "book" })).left, 1);
    await assertRejects(() => stub.reserve({ sku: "book", count: 2 }), ServiceError, "1 left");
  }));
`,
};
