/**
 * A TCP proxy that does harm.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";

/** Options for {@link FaultProxy.listen}. */
export interface FaultProxyOptions {
  /** Time source of delays. @default {systemClock} */
  clock?: Clock | undefined;
}

/** One connection through the proxy. */
interface Link {
  readonly client: Deno.TcpConn;
  server: Deno.TcpConn | undefined;
  /** Whether it was cut off in silence and stays so: as when a firewall has forgotten it. */
  isDead: boolean;
}

/**
 * Stands between a client and a server and misbehaves on command: waits, refuses, keeps silent, cuts, crawls.
 *
 * @example A server that goes silent
 * ```ts ignore
 * await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: 2379 });
 * const client = connect(proxy.address);
 * proxy.silence(); // Connections stay open; nothing passes any more.
 * proxy.heal();
 * ```
 */
export class FaultProxy implements AsyncDisposable {
  readonly #target: Deno.ConnectOptions;
  readonly #clock: Clock;
  readonly #port: number;
  readonly #links = new Set<Link>();
  readonly #pumps = new Set<Promise<void>>();
  #listener: Deno.TcpListener | undefined;
  #accepting: Promise<void> = Promise.resolve();
  #silence: PromiseWithResolvers<void> | undefined;
  #accepted = 0;
  #delayMs = 0;
  #bytesPerS = Infinity;

  private constructor(target: Deno.ConnectOptions, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#port = listener.addr.port;
    this.#serve(listener);
  }

  /** Listens on a free port of this machine for connections to `target`. */
  static listen(target: Deno.ConnectOptions, options: FaultProxyOptions = {}): FaultProxy {
    return new FaultProxy(target, options.clock ?? systemClock);
  }

  /** Where it listens, `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Connections open now. */
  get connections(): number {
    return this.#links.size;
  }

  /** Connections there have been. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Waits so long, in ms, before it passes on what it gets. */
  delay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Passes on so many bytes a second, in each direction of each connection. */
  throttle(bytesPerS: number): void {
    this.#bytesPerS = bytesPerS;
  }

  /**
   * Passes nothing on and closes nothing. With `forget` connections that are open now stay silent after {@link heal}, too.
   */
  silence(options: { forget?: boolean } = {}): void {
    this.#silence ??= Promise.withResolvers();
    if (options.forget) { for (const link of this.#links) link.isDead = true; }
  }

  /** Cuts all connections. */
  cut(): void {
    for (const link of this.#links) this.#close(link);
  }

  /** Cuts all connections and refuses new ones. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.cut();
  }

  /** Behaves from now on. */
  heal(): void {
    this.#delayMs = 0;
    this.#bytesPerS = Infinity;
    this.#silence?.resolve();
    this.#silence = undefined;
    if (!this.#listener) this.#serve(Deno.listen({ hostname: "127.0.0.1", port: this.#port }));
  }

  /** Cuts all connections and stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.refuse();
    this.#silence?.resolve();
    await this.#accepting;
    await Promise.allSettled(this.#pumps);
  }

  #serve(listener: Deno.TcpListener): void {
    this.#listener = listener;
    const before = this.#accepting;
    this.#accepting = (async () => {
      for await (const client of listener) {
        this.#accepted++;
        client.setNoDelay(); // What it does not delay it must not hold up.
        this.#track(this.#open({ client, server: undefined, isDead: false }));
      }
      await before;
    })();
  }

  #track(pump: Promise<void>): void {
    this.#pumps.add(pump);
    pump.finally(() => this.#pumps.delete(pump)).catch(() => {});
  }

  async #open(link: Link): Promise<void> {
    this.#links.add(link);
    try {
      await this.#silence?.promise;
      link.server = await Deno.connect(this.#target);
      link.server.setNoDelay();
      if (!this.#links.has(link)) {
        link.server.close();
        return;
      }
      this.#track(this.#pump(link, link.client, link.server));
      this.#track(this.#pump(link, link.server, link.client));
    } catch {
      this.#close(link);
    }
  }

  async #pump(link: Link, from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (;;) {
        const room = Number.isFinite(this.#bytesPerS)
          ? Math.min(buffer.length, Math.max(1, Math.floor(this.#bytesPerS / 20)))
          : buffer.length;
        const length = await from.read(buffer.subarray(0, room));
        if (length === null) break;
        if (this.#delayMs > 0) await this.#clock.sleep(this.#delayMs);
        if (Number.isFinite(this.#bytesPerS)) {
          await this.#clock.sleep(length * 1_000 / this.#bytesPerS);
        }
        await this.#silence?.promise;
        if (!link.isDead) await writeAll(to, buffer.subarray(0, length));
      }
      // The end of one direction is passed on, unless nothing is. A client that has gone sees nothing of that any more.
      await this.#silence?.promise;
      if (!link.isDead || from === link.client) this.#close(link);
    } catch {
      this.#close(link);
    }
  }

  #close(link: Link): void {
    if (!this.#links.delete(link)) return;
    link.client.close();
    link.server?.close();
  }
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
}
