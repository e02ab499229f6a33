/**
 * What is attacked: a whole server, behind a listener of each kind, with limits short enough for a test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { string } from "../../../core/schema/builders.ts";
import { object } from "../../../core/schema/object.ts";
import type { ListenerConf, ListenerKind } from "../../listener/config.ts";
import { json } from "../../response/json.ts";
import { Server, type ServerOptions } from "../../server.ts";

/** The kinds of listeners, each of which meets every attack. */
export const KINDS: readonly ListenerKind[] = ["serve", "connection", "node"];

/** Time limits of the targets that can have them, in ms. */
export const LIMITS = { HeaderTimeout: 300, BodyTimeout: 300, IdleTimeout: 400 } as const;

/** The largest body that the targets take. */
export const MAX_BYTES = 64 * 1024;

/** More about a target. */
export interface TargetOptions extends ServerOptions {
  /** `Shutdown.WrapUpTime`, in ms. @default {1000} */
  wrapUpMs?: number;
}

/** A running server. */
export class Target implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly server: Server;
  /** Requests of /watched whose work was ended because the client had gone. */
  cancelled = 0;
  /** Requests that have reached a handler. */
  handled = 0;

  private constructor(Listener: Partial<ListenerConf>, { wrapUpMs = 1_000, ...options }: TargetOptions) {
    const config = {
      Name: "target",
      Host: "127.0.0.1",
      Port: 0,
      MaxBytes: MAX_BYTES,
      Timeout: 2_000,
      Listener,
      Shutdown: { WrapUpTime: wrapUpMs },
      // A machine that is busy with other tests must not change what comes of an attack.
      Middlewares: { Shedding: false, Breaker: false },
    };
    this.server = new Server(config, { log: this.log, ...options });
    this.#route();
  }

  /** Starts a target of a kind. Limits are left out where the kind cannot hold them. */
  static async start(
    Kind: ListenerKind,
    limits: Partial<ListenerConf> = {},
    options: TargetOptions = {},
  ): Promise<Target> {
    const held = Kind === "serve" ? {} : { ...LIMITS, ...limits };
    const target = Target.prepare(Kind, held, options);
    await target.server.start();
    return target;
  }

  /** Makes a target that does not listen yet, with just these limits. */
  static prepare(
    Kind: ListenerKind,
    limits: Partial<ListenerConf>,
    options: TargetOptions = {},
  ): Target {
    return new Target({ Kind, ...limits }, options);
  }

  get port(): number {
    return this.server.address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Asserts that the service still serves: what an attack is not to change. */
  async assertAlive(): Promise<void> {
    const response = await fetch(`${this.url}/alive`, { headers: { connection: "close" } });
    assertEquals(await response.json(), "yes");
  }

  #route(): void {
    const { server } = this;
    server.use((next) => (request, context) => {
      this.handled++;
      return next(request, context);
    });
    server.get("/", () => json("index"));
    server.get("/alive", () => json("yes"));
    server.get("/files/:name", (_request, context) => json({ file: context.params.name }));
    server.get("/secret/plan", () => json("secret"));
    server.get("/big", () => new Response(new Uint8Array(4_000_000)));
    server.get("/stream", () => new Response(endless()), { timeoutMs: 0 });
    server.post("/echo", async (request) => json((await request.text()).length));
    server.get("/watched", async (_request, context) => {
      const done = AbortSignal.any([context.signal, AbortSignal.timeout(1_500)]);
      await new Promise((resolve) => done.addEventListener("abort", resolve));
      if (context.signal.aborted) this.cancelled++;
      return json("watched");
    }, { watchDisconnect: true, timeoutMs: 5_000 });
    server.post("/ignore", () => json("ignored"));
    server.post("/pieces", async (request) => {
      let bytes = 0;
      for await (const chunk of request.body ?? []) bytes += chunk.byteLength;
      return json(bytes);
    });
    const note = object({ name: string(), tags: object({ a: string().optional() }).optional() });
    const form = object({ a: string().optional().in("form") });
    server.post("/form", async (_request, context) => json(await context.bind(form)));
    server.post("/note", async (_request, context) => json(await context.bind(note)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
  }
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
}
