import type { Middleware } from "@zeno/zeno/rest";
import { GuestBook } from "../book/guest_book.ts";
import type { Config } from "../config/config.ts";
import { guestMiddleware } from "../middleware/guest_middleware.ts";
import type { GenContext } from "./context.gen.ts";

/** What all requests share: clients, stores, middleware. Made once, when the service starts. */
export class ServiceContext implements GenContext {
  /** Configuration of the service. */
  readonly config: Config;
  /** Made by {@link guestMiddleware}. */
  readonly guest: Middleware;
  /** The guest book. */
  readonly book: GuestBook = new GuestBook();

  /** Opens what the service needs. */
  constructor(config: Config) {
    this.config = config;
    this.guest = guestMiddleware();
  }
}
