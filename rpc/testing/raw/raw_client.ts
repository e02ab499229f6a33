/**
 * A client of HTTP/2 that does only what it is told.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { Flag, type Frame, FrameType, PREFACE, settings } from "./frame.ts";
import { decodeFields } from "./hpack.ts";
import { RawConnection } from "./raw_connection.ts";

/** How a server answered on a stream. */
export interface RawAnswer {
  /** The fields of all blocks; trailers count. */
  readonly fields: Record<string, string>;
  /** Bytes of data. */
  bytes: number;
  /** The code of RST_STREAM, if it came. */
  reset?: number;
  /** Whether the server has ended the stream. */
  ended: boolean;
}

/** A connection to a server. */
export class RawClient implements Disposable {
  /** The connection. */
  readonly connection: RawConnection;
  /** The code of GOAWAY, if it came. */
  goaway: number | undefined;
  /** Frames that came, by type. */
  readonly seen: Record<number, number> = {};
  readonly #answers = new Map<number, RawAnswer>();
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Deno.TcpConn) {
    this.connection = new RawConnection(socket, (frame) => this.#take(frame));
    this.connection.closed.then(() => this.#tell());
  }

  /** Connects to `host:port` and says hello, unless `hello` is to be something else. */
  static async connect(
    address: string,
    // Nothing is to be remembered from one block of fields to the next.
    hello: readonly Uint8Array[] = [PREFACE, settings([1, 0])],
  ): Promise<RawClient> {
    const [hostname, port] = address.split(":");
    const client = new RawClient(
      await Deno.connect({ hostname: hostname!, port: Number(port) }),
    );
    await client.connection.write(...hello);
    return client;
  }

  /** What came on a stream so far. */
  answer(stream: number): RawAnswer {
    let answer = this.#answers.get(stream);
    if (!answer) this.#answers.set(stream, answer = { fields: {}, bytes: 0, ended: false });
    return answer;
  }

  /** What came on a stream, when it has ended, the connection has or so many ms have passed. */
  async outcome(stream: number, limitMs = 3_000): Promise<RawAnswer> {
    const answer = this.answer(stream);
    const over = () => answer.ended || answer.reset !== undefined || !this.connection.open;
    await this.until(over, limitMs);
    return answer;
  }

  /** Waits until `condition` holds; answers whether it did within so many ms. */
  async until(condition: () => boolean, limitMs = 3_000): Promise<boolean> {
    const endMs = systemClock.now() + limitMs;
    while (!condition() && systemClock.now() < endMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      using _timer = timer(resolve, endMs - systemClock.now());
      await promise;
      this.#waiting.delete(resolve);
    }
    return condition();
  }

  /** Breaks the connection off. */
  [Symbol.dispose](): void {
    this.connection[Symbol.dispose]();
  }

  #take({ type, flags, stream, payload }: Frame): void {
    this.seen[type] = (this.seen[type] ?? 0) + 1;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    if (type === FrameType.GOAWAY) this.goaway = view.getUint32(4);
    else if (stream !== 0) {
      const answer = this.answer(stream);
      if (type === FrameType.HEADERS) {
        Object.assign(answer.fields, Object.fromEntries(decodeFields(payload)));
      }
      if (type === FrameType.DATA) answer.bytes += payload.length;
      if (type === FrameType.RST_STREAM) answer.reset = view.getUint32(0);
      else if (type <= FrameType.HEADERS && flags & Flag.END_STREAM) answer.ended = true;
    }
    this.#tell();
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve();
  }
}

function timer(fn: () => void, ms: number): Disposable {
  const running = systemClock.setTimer(fn, Math.max(1, ms), { keepAlive: true });
  return { [Symbol.dispose]: () => running.cancel() };
}
