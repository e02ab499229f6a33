/**
 * Writing a `Response` through `node:http`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { bodyAtHand } from "./body_at_hand.ts";

/** Bytes handed over at a time, so that one sees a client that takes nothing. */
const SLICE_BYTES = 64 * 1024;

/** What belongs to the connection and is not the handler's to say. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "trailer"]);

/** Statuses whose answers have no body, whatever the handler says. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Options of {@link NodeResponseWriter}. */
export interface NodeResponseWriterOptions {
  /** Whether no body is to be sent. */
  isHead: boolean;
  /** What `Keep-Alive` says where the connection goes on; empty for nothing. */
  keepAlive: string;
}

/** Writes one response. */
export class NodeResponseWriter {
  readonly #out: ServerResponse;
  readonly #isHead: boolean;
  readonly #keepAlive: string;
  #declared: number | undefined;
  #written = 0;
  /** Whether the client has to take something before more is written. */
  blocked = false;

  /** Makes a writer. */
  constructor(out: ServerResponse, { isHead, keepAlive }: NodeResponseWriterOptions) {
    this.#out = out;
    this.#isHead = isHead;
    this.#keepAlive = keepAlive;
  }

  /**
   * Writes the response, at once if it was made whole. Rejects if its body fails or is not as long as it says; the
   * connection must then be cut.
   */
  write(response: Response): Promise<void> | void {
    const fields = this.#fields(response);
    const whole = bodyAtHand(response);
    if (whole === undefined || BODILESS.has(response.status)) {
      return this.#writeSlowly(response, fields);
    }
    const length = typeof whole === "string" ? Buffer.byteLength(whole) : whole.byteLength;
    // Else it is read as a stream is, which knows what to do.
    if (length > SLICE_BYTES || length !== (this.#declared ?? length)) {
      return this.#writeSlowly(response, fields);
    }
    if (this.#declared === undefined) fields.push("content-length", String(length));
    this.#writeHead(response, fields);
    if (this.#isHead) this.#out.end();
    else if (typeof whole !== "string") this.#out.end(whole);
    // As Latin-1 it goes out in one piece with the head, which is Latin-1 whatever the body is.
    else if (length === whole.length) this.#out.end(whole, "latin1");
    else this.#out.end(Buffer.from(whole));
  }

  async #writeSlowly(response: Response, fields: string[]): Promise<void> {
    const { status, body } = response;
    if (!body || this.#isHead || BODILESS.has(status)) {
      if (body) await this.#writeHeadOnly(response, fields);
      else this.#writeEmpty(response, fields);
      return;
    }
    const reader = body.getReader();
    const onClose = () => void reader.cancel("The client went away").catch(() => {});
    this.#out.once("close", onClose);
    try {
      await this.#writeBody(response, fields, reader);
    } catch (error) {
      reader.cancel(error).catch(() => {});
      throw error;
    } finally {
      this.#out.off("close", onClose);
    }
  }

  #fields(response: Response): string[] {
    const fields: string[] = [];
    // Its iterator would make two objects a field.
    response.headers.forEach((value, name) => {
      if (HOP_BY_HOP.has(name)) {
        if (name === "connection" && /\bclose\b/i.test(value)) this.#out.shouldKeepAlive = false;
        return;
      }
      if (name === "content-length") this.#declared = Number(value);
      fields.push(name, value);
    });
    if (this.#keepAlive && this.#out.shouldKeepAlive) fields.push("keep-alive", this.#keepAlive);
    return fields;
  }

  #writeHead(response: Response, fields: string[]): void {
    // An empty reason has node take the usual one.
    const reason = response.statusText || undefined;
    this.#out.writeHead(response.status, reason, fields);
  }

  #writeEmpty(response: Response, fields: string[]): void {
    const { status } = response;
    const needsLength = status >= 200 && status !== 204 && status !== 304 && !this.#isHead;
    if (needsLength && this.#declared === undefined) fields.push("content-length", "0");
    this.#writeHead(response, fields);
    this.#out.end();
  }

  /** The length that a body would have had is told where it is known. */
  async #writeHeadOnly(response: Response, fields: string[]): Promise<void> {
    const reader = response.body!.getReader();
    if (this.#isHead && this.#declared === undefined) {
      const first = await settled(reader.read());
      const next = first && !first.done ? await settled(reader.read()) : first;
      const length = first?.value?.byteLength ?? 0;
      if (next?.done) fields.push("content-length", String(length));
    }
    await reader.cancel();
    this.#writeHead(response, fields);
    this.#out.end();
  }

  async #writeBody(
    response: Response,
    fields: string[],
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ): Promise<void> {
    const first = await reader.read();
    const second = first.done ? Promise.resolve(first) : reader.read();
    // A body that was given whole has ended by now, and so can have its length.
    const ended = (await settled(second))?.done === true;
    if (ended && this.#declared === undefined) {
      const length = first.done ? 0 : first.value.byteLength;
      fields.push("content-length", String(this.#declared = length));
    }
    this.#writeHead(response, fields);
    if (ended && !first.done && first.value.byteLength === this.#declared) {
      // Most answers: head and body in one write.
      if (first.value.byteLength <= SLICE_BYTES) return void this.#out.end(first.value);
    }
    if (!first.done) await this.#writeChunk(first.value);
    for (let part = await second; !part.done; part = await reader.read()) {
      await this.#writeChunk(part.value);
    }
    if (this.#declared !== undefined && this.#written !== this.#declared) throw this.#badLength();
    this.#out.end();
  }

  async #writeChunk(chunk: Uint8Array): Promise<void> {
    this.#written += chunk.byteLength;
    // More than was declared would be read as the next response.
    if (this.#declared !== undefined && this.#written > this.#declared) throw this.#badLength();
    for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
      const taken = this.#out.write(chunk.subarray(at, at + SLICE_BYTES));
      if (!taken) await this.#drained();
    }
  }

  async #drained(): Promise<void> {
    const out = this.#out;
    if (out.destroyed || out.socket?.destroyed) throw new Error("Cannot write: the client is gone");
    this.blocked = true;
    await new Promise<void>((resolve) => {
      const done = () => {
        out.off("drain", done);
        out.off("close", done);
        resolve();
      };
      out.on("drain", done);
      out.on("close", done);
    });
    this.blocked = false;
    if (out.destroyed) throw new Error("Cannot write: the client is gone");
  }

  #badLength(): Error {
    return new RangeError(
      `Cannot write response: ${this.#written} bytes, but content-length is ${this.#declared}`,
    );
  }
}

/** What a promise has resolved to, or undefined if it takes longer than a few microtasks. */
async function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  let value: T | undefined;
  promise.then((result) => void (value = result), () => {});
  for (let turn = 0; turn < 3 && value === undefined; turn++) await undefined;
  return value;
}
