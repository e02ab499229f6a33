/**
 * A client that sends whatever it is told, byte for byte.
 *
 * @module
 */

/** What came of sending something. */
export interface Outcome {
  /** The status of each answer, and whether the server closed the connection: `400 close`, `200 200 open`, `close`. */
  readonly result: string;
  /** All that came back, as latin1. */
  readonly text: string;
  /** Milliseconds until the server closed the connection, or until the wait ended. */
  readonly elapsedMs: number;
}

/** How to send. */
export interface SendOptions {
  /** Milliseconds to wait for the server to close. @default {250} */
  waitMs?: number;
  /** Sent one after another, with this pause, until they have been sent or the server closes. */
  drip?: { readonly parts: readonly string[]; readonly everyMs: number };
  /** Whether to stop sending with a FIN when all is sent. @default {false} */
  halfClose?: boolean;
  /** Ends the wait early. */
  until?: (text: string) => boolean;
  /** How many answers to wait for; after them the server gets just `SETTLE_MS` to close. */
  answers?: number;
}

/** Milliseconds in which a server that closes after its answer has done so. */
const SETTLE_MS = 70;

/** How long to wait for an outcome: no longer than it takes if it is the wanted one, and long if it is late. */
export function patienceFor(wanted: string): Pick<SendOptions, "waitMs" | "answers"> {
  const answers = wanted.split(" ").length - 1;
  if (wanted.endsWith("close")) return { waitMs: 8_000 };
  return answers > 0 ? { waitMs: 8_000, answers } : { waitMs: 150 };
}

/** Sends `bytes` (a string is latin1) and waits for what comes. */
export async function send(
  port: number,
  bytes: string | Uint8Array<ArrayBuffer>,
  options: SendOptions = {},
): Promise<Outcome> {
  const { waitMs = 250, drip, halfClose = false, until = () => false, answers } = options;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const started = performance.now();
  let over = false;
  const giveUp = () => {
    if (over) return;
    over = true;
    connection.close();
  };
  let timer = setTimeout(giveUp, waitMs);
  const sending = sendAll(connection, bytes, { drip, halfClose, isOver: () => over });
  let text = "";
  let closed = false;
  const buffer = new Uint8Array(64 * 1024);
  while (!over && !until(text)) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) {
      closed = !over;
      break;
    }
    text += latin1(buffer.subarray(0, count));
    if (answers !== undefined && statusesIn(text).length >= answers) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SETTLE_MS);
    }
  }
  clearTimeout(timer);
  const elapsedMs = performance.now() - started;
  if (!over) {
    over = true;
    connection.close();
  }
  await sending;
  return { result: [...statusesIn(text), closed ? "close" : "open"].join(" "), text, elapsedMs };
}

function statusesIn(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.[01] ([2-5]\d\d) /g)].map(([, status]) => status!);
}

async function sendAll(
  connection: Deno.TcpConn,
  bytes: string | Uint8Array<ArrayBuffer>,
  options: Pick<SendOptions, "drip" | "halfClose"> & { isOver: () => boolean },
): Promise<void> {
  try {
    await writeAll(connection, typeof bytes === "string" ? encoded(bytes) : bytes);
    for (const part of options.drip?.parts ?? []) {
      await new Promise((resolve) => setTimeout(resolve, options.drip!.everyMs));
      if (options.isOver()) return;
      await writeAll(connection, encoded(part));
    }
    if (options.halfClose) await connection.closeWrite();
  } catch {
    // The server has had enough, which is what is looked at on the other side.
  }
}

/** Writes all of `bytes`. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) at += await connection.write(bytes.subarray(at));
}

/** A string as bytes, one for each character. */
export function encoded(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A request's text: `lines` become fields. */
export function request(line: string, lines: readonly string[] = ["Host: a"], body = ""): string {
  return [`${line} HTTP/1.1`, ...lines].join("\r\n") + "\r\n\r\n" + body;
}
