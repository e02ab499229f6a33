/**
 * Pulls the parts of a multipart body out of its bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { BadRequestError, BodyTooLargeError } from "../errors.ts";
import { ByteSearch } from "./_byte_search.ts";
import { parsePartHead, type PartHead } from "./_part_head.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Where the bytes come from: the next chunk, or undefined at the end. */
export type ChunkSource = () => Promise<Uint8Array | undefined>;

/** Limits of {@link MultipartReader}, all in bytes but the first. */
export interface MultipartLimits {
  readonly maxParts: number;
  readonly maxHeaderBytes: number;
  readonly maxPartBytes: number;
  readonly maxTotalBytes: number;
}

const encoder = new TextEncoder();
const CRLF = new ByteSearch(encoder.encode("\r\n"));
const BLANK_LINE = new ByteSearch(encoder.encode("\r\n\r\n"));
const DASH = 45;

/** One pass over one body; it holds one chunk at a time. */
export class MultipartReader {
  readonly #source: ChunkSource;
  readonly #limits: MultipartLimits;
  readonly #delimiter: ByteSearch;
  /** The line break is part of a delimiter, so one is put before the first. */
  #buffer: Bytes = encoder.encode("\r\n");
  #start = 0;
  #total = 0;
  #parts = 0;
  #partBytes = 0;
  #inPart = true; // What comes before the first delimiter is skipped like a part nobody reads.

  constructor(source: ChunkSource, boundary: string, limits: MultipartLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#delimiter = new ByteSearch(encoder.encode(`\r\n--${boundary}`));
  }

  /** The head of the next part, or undefined after the last. What is left of the part before is skipped. */
  async nextHead(): Promise<PartHead | undefined> {
    while (this.#inPart) await this.nextChunk();
    if (await this.#atEnd()) return undefined;
    const { maxParts } = this.#limits;
    if (++this.#parts > maxParts) throw tooLarge(`more than ${maxParts} parts`);
    // The line break before the head is looked at again: a part without headers is one blank line.
    this.#start -= CRLF.length;
    const head = parsePartHead(await this.#readUntil(BLANK_LINE));
    this.#inPart = true;
    this.#partBytes = 0;
    return head;
  }

  /** The next bytes of the part, or undefined at its end. */
  async nextChunk(): Promise<Bytes | undefined> {
    while (this.#inPart) {
      const found = this.#delimiter.indexIn(this.#buffer, this.#start);
      if (found >= 0) {
        this.#inPart = false;
        const chunk = this.#buffer.subarray(this.#start, found);
        this.#start = found + this.#delimiter.length;
        return chunk.length > 0 ? this.#counted(chunk) : undefined;
      }
      // The end may be the beginning of a delimiter.
      const safeEnd = this.#buffer.length - this.#delimiter.length + 1;
      if (safeEnd > this.#start) {
        const chunk = this.#buffer.subarray(this.#start, safeEnd);
        this.#start = safeEnd;
        return this.#counted(chunk);
      }
      await this.#fill();
    }
    return undefined;
  }

  #counted(chunk: Bytes): Bytes {
    const { maxPartBytes } = this.#limits;
    this.#partBytes += chunk.length;
    // Before the first part this holds for the preamble.
    if (this.#partBytes > maxPartBytes) throw new BodyTooLargeError(maxPartBytes);
    return chunk;
  }

  /** Reads what follows a delimiter: two dashes at the end of the body, else spaces and a line break. */
  async #atEnd(): Promise<boolean> {
    while (this.#buffer.length - this.#start < 2) await this.#fill();
    if (this.#buffer[this.#start] === DASH && this.#buffer[this.#start + 1] === DASH) {
      await this.#skipRest();
      return true;
    }
    const padding = await this.#readUntil(CRLF);
    if (padding.every((byte) => byte === 32 || byte === 9)) return false;
    throw new BadRequestError("Cannot read form: something stands behind a boundary");
  }

  /** The epilogue says nothing, but a client that is still sending it should not find the line cut. */
  async #skipRest(): Promise<void> {
    do this.#start = this.#buffer.length; while (await this.#tryFill());
  }

  /** The bytes up to what `search` finds, which is read too. */
  async #readUntil(search: ByteSearch): Promise<Bytes> {
    const { maxHeaderBytes } = this.#limits;
    for (let from = this.#start;;) {
      const found = search.indexIn(this.#buffer, from);
      const length = (found >= 0 ? found : this.#buffer.length) - this.#start;
      if (length > maxHeaderBytes) {
        throw tooLarge(`a part's header exceeds ${maxHeaderBytes} bytes`);
      }
      if (found >= 0) {
        const bytes = this.#buffer.subarray(this.#start, found);
        this.#start = found + search.length;
        return bytes;
      }
      const searched = Math.max(0, length - search.length + 1);
      await this.#fill();
      from = this.#start + searched;
    }
  }

  /** Adds a chunk to what has not been read yet, which is little. */
  async #fill(): Promise<void> {
    if (await this.#tryFill()) return;
    throw new BadRequestError("Cannot read form: the body breaks off");
  }

  async #tryFill(): Promise<boolean> {
    const chunk = await this.#source();
    if (!chunk) return false;
    const { maxTotalBytes } = this.#limits;
    this.#total += chunk.length;
    if (this.#total > maxTotalBytes) throw new BodyTooLargeError(maxTotalBytes);
    const rest = this.#buffer.subarray(this.#start);
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    this.#buffer = joined;
    this.#start = 0;
    return true;
  }
}

function tooLarge(what: string): ServiceError {
  return new ServiceError("resource_exhausted", `Cannot read form: ${what}`, { httpStatus: 413 });
}
