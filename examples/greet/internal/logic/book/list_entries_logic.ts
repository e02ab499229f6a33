import type { Context } from "@zeno/zeno/rest";
import type { BookListEntriesContract } from "../../handler/contract.gen.ts";
import type { ServiceContext } from "../../svc/service_context.ts";
import type { ListReq, ListResp } from "../../types/types.gen.ts";

/** Logic of `GET /v1/book/entries`. */
export class ListEntriesLogic implements BookListEntriesContract {
  readonly #context: Context;
  readonly #svc: ServiceContext;

  /** Made for each request. */
  constructor(context: Context, svc: ServiceContext) {
    this.#context = context;
    this.#svc = svc;
  }

  /** Lists the guest book, newest first */
  listEntries({ size, minStars = 1 }: ListReq): Promise<ListResp> {
    const entries = this.#svc.book.entries(minStars);
    return Promise.resolve({ entries: entries.slice(0, size), total: entries.length });
  }
}
