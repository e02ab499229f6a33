import type { Context } from "@zeno/zeno/rest";
import type { BookSignBookContract } from "../../handler/contract.gen.ts";
import type { ServiceContext } from "../../svc/service_context.ts";
import type { Entry, SignReq } from "../../types/types.gen.ts";

/** Logic of `POST /v1/book/entries`. */
export class SignBookLogic implements BookSignBookContract {
  readonly #context: Context;
  readonly #svc: ServiceContext;

  /** Made for each request. */
  constructor(context: Context, svc: ServiceContext) {
    this.#context = context;
    this.#svc = svc;
  }

  /** Signs the guest book */
  signBook({ name, message, stars, tags = [], requestID }: SignReq): Promise<Entry> {
    const entry = this.#svc.book.sign({ name, message, stars, tags }, requestID);
    this.#context.log.info("signed", { entry: entry.id });
    return Promise.resolve(entry);
  }
}
