import type { Context } from "@zeno/zeno/rest";
import type { GreetContract } from "../handler/contract.gen.ts";
import type { ServiceContext } from "../svc/service_context.ts";
import type { GreetReq, GreetResp } from "../types/types.gen.ts";

/** Logic of `GET /from/:name`. */
export class GreetLogic implements GreetContract {
  readonly #context: Context;
  readonly #svc: ServiceContext;

  /** Made for each request. */
  constructor(context: Context, svc: ServiceContext) {
    this.#context = context;
    this.#svc = svc;
  }

  /** Greets you, or me */
  greet(request: GreetReq): Promise<GreetResp> {
    return Promise.resolve({ message: `Hello, ${request.name}!` });
  }
}
