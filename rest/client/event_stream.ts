/**
 * Reading a stream of server-sent events.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 * @module
 */

/** One event as it came. */
export interface ReceivedEvent<T = string> {
  /** What it carries. */
  readonly data: T;
  /** Its name; `message` if the server gave none. */
  readonly event: string;
  /** The last id that the server has given, in this event or before. Empty if there was none. */
  readonly id: string;
}

/**
 * Takes the chunks of an event stream apart, however they are cut.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parser = new EventStreamParser();
 * const events = [...parser.push("id: 7\ndata: a\n"), ...parser.push("data: b\n\n")];
 * assertEquals(events, [{ data: "a\nb", event: "message", id: "7" }]);
 * ```
 */
export class EventStreamParser {
  /** The last id that the server has given; a new connection begins after it. */
  lastEventId: string;
  /** How long to wait before connecting anew, in ms, if the server has said. */
  retryMs: number | undefined;
  readonly #maxChars: number;
  #rest = "";
  #data: string[] = [];
  #chars = 0;
  #event = "";
  #started = false;

  /**
   * Makes a parser.
   *
   * @param options `lastEventId`: where an earlier connection ended. `maxChars`: longest event, in UTF-16 units.
   */
  constructor(options: { lastEventId?: string; maxChars?: number } = {}) {
    this.lastEventId = options.lastEventId ?? "";
    this.#maxChars = options.maxChars ?? Infinity;
  }

  /**
   * Takes some text, and gives the events that it completes.
   *
   * @throws {RangeError} If an event is longer than `maxChars`.
   */
  *push(text: string): Generator<ReceivedEvent> {
    // What is left of before holds no line end, but for a CR at its end.
    const scanFrom = Math.max(0, this.#rest.length - 1);
    let buffer = this.#rest + text;
    if (!this.#started && buffer !== "") {
      this.#started = true;
      if (buffer.startsWith("\uFEFF")) buffer = buffer.slice(1);
    }
    let from = 0;
    for (;;) {
      const end = lineEnd(buffer, Math.max(from, scanFrom));
      // A CR at the very end may be half of a CRLF.
      if (end < 0 || (buffer[end] === "\r" && end + 1 === buffer.length)) break;
      const event = this.#line(buffer.slice(from, end));
      from = end + (buffer[end] === "\r" && buffer[end + 1] === "\n" ? 2 : 1);
      if (event) yield event;
    }
    this.#rest = buffer.slice(from);
    this.#checkLength(this.#rest.length);
  }

  #line(line: string): ReceivedEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined; // A comment: a sign of life.
    const name = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? "" : line.slice(colon + 1);
    const value = raw.startsWith(" ") ? raw.slice(1) : raw;
    if (name === "data") {
      this.#data.push(value);
      this.#chars += value.length + 1;
      this.#checkLength(this.#chars);
    } else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.lastEventId = value;
    else if (name === "retry" && /^\d{1,9}$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  #dispatch(): ReceivedEvent | undefined {
    const [data, event] = [this.#data, this.#event];
    this.#data = [];
    this.#chars = 0;
    this.#event = "";
    if (data.length === 0) return undefined;
    return { data: data.join("\n"), event: event || "message", id: this.lastEventId };
  }

  #checkLength(length: number): void {
    if (length <= this.#maxChars) return;
    throw new RangeError(`Cannot read event: it is longer than ${this.#maxChars} characters`);
  }
}

function lineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text)?.index ?? -1;
}

const LINE_END = /[\r\n]/g;
