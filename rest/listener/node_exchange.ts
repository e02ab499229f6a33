/**
 * One request and its answer, through `node:http`.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConnectionInfo } from "../context.ts";
import type { ListenerLimits } from "./config.ts";
import type { Dispatch } from "./listener.ts";
import { NodeBody } from "./node_body.ts";
import { readHead, type Refusal } from "./node_head.ts";
import { NodeRequest } from "./node_request.ts";
import { NodeResponseWriter } from "./node_response.ts";
import type { NodeUpgrade } from "./node_upgrade.ts";
import { problemResponse } from "./problem_response.ts";
import { offerUpgrade } from "./upgrade_offer.ts";

/** Methods that a `Request` cannot have. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** What all exchanges of a listener share. */
export interface NodeExchangeOptions {
  /** Answers the request. */
  dispatch: Dispatch;
  /** What a client may do. */
  limits: ListenerLimits;
  /** `http` or `https`. */
  scheme: string;
  /** What stands for the host where HTTP/1.0 names none. */
  fallbackHost: string;
  /** What answers say in `Keep-Alive`; empty for nothing. */
  keepAlive: string;
}

/** A request being answered; also what its handler is told of the connection. */
export class NodeExchange implements ConnectionInfo {
  /** The peer. */
  readonly remoteAddr: ConnectionInfo["remoteAddr"];
  readonly #message: IncomingMessage;
  readonly #out: ServerResponse;
  readonly #options: NodeExchangeOptions;
  readonly #onDone: () => void;
  readonly #upgrade: NodeUpgrade | undefined;
  #body: NodeBody | undefined;
  #hasBody = false;
  #writer: NodeResponseWriter | undefined;
  #completed: PromiseWithResolvers<void> | undefined;
  #gone: AbortController | undefined;
  #isDone = false;
  #isLast = false;
  readonly #bytesBefore: number;
  #isContinueDue: boolean;

  /** Makes an exchange; `onDone` is called when the answer is out or the connection lost. */
  constructor(
    message: IncomingMessage,
    out: ServerResponse,
    init: {
      options: NodeExchangeOptions;
      remoteAddr: ConnectionInfo["remoteAddr"];
      isContinueDue: boolean;
      /** Bytes that the connection had read when the request began, or more. */
      bytesBefore: number;
      onDone: () => void;
      /** The connection, if the request asks to take it. */
      upgrade?: NodeUpgrade | undefined;
    },
  ) {
    this.#message = message;
    this.#out = out;
    this.#options = init.options;
    this.remoteAddr = init.remoteAddr;
    this.#isContinueDue = init.isContinueDue;
    this.#onDone = init.onDone;
    this.#bytesBefore = init.bytesBefore;
    this.#upgrade = init.upgrade;
    // Whichever is first: an answer that is out, or a connection that is lost.
    out.on("finish", () => this.#done());
    out.on("close", () => this.#done());
  }

  /** Resolves when the answer is out or the connection lost. */
  get completed(): Promise<void> {
    this.#completed ??= Promise.withResolvers();
    if (this.#isDone) this.#completed.resolve();
    return this.#completed.promise;
  }

  /** Whether the connection has left HTTP. */
  isUpgraded = false;

  /** Whether the head of the answer is out already. */
  get isAnswering(): boolean {
    return this.#out.headersSent;
  }

  /** Whether the client still sends, or should. */
  get isReceiving(): boolean {
    return this.#hasBody && !this.#message.complete;
  }

  /** Whether the client has to take something before the answer goes on. */
  get isBlocked(): boolean {
    return this.#writer?.blocked === true || this.#out.writableEnded;
  }

  /** Closes the connection with this answer. */
  last(): void {
    this.#isLast = true;
  }

  /** Holds the client to the limits of the body. */
  sweep(nowMs: number): void {
    this.#body?.sweep(nowMs);
  }

  /** Answers the request. */
  run(): void {
    try {
      const answer = this.#answer();
      if (answer instanceof Promise) {
        answer.then((response) => this.#write(response)).catch(() => this.#fail());
      } else {
        this.#write(answer)?.catch(() => this.#fail());
      }
    } catch {
      this.#fail();
    }
  }

  /** What is out of an answer cannot be taken back; it can only be cut, so that nobody takes it for whole. */
  #fail(): void {
    this.#upgrade?.fail();
    if (this.#out.headersSent) this.#message.socket.destroy();
    else {this.#write(new Response(null, { status: 500 }))?.catch(() =>
        this.#message.socket.destroy()
      );}
  }

  #answer(): Response | Promise<Response> {
    const { dispatch, limits } = this.#options;
    const head = readHead(this.#message, { ...this.#options, maxHeaders: limits.MaxHeaders });
    if ("status" in head) return this.#refuse(head);
    const method = this.#message.method ?? "";
    if (FORBIDDEN_METHODS.has(method)) {
      return this.#refuse({ status: 405, detail: `Cannot read request: ${method} is not allowed` });
    }
    this.#hasBody = head.hasBody;
    const takesBody = head.hasBody && method !== "GET" && method !== "HEAD";
    if (takesBody) {
      this.#body = new NodeBody(this.#message, {
        isChunked: head.isChunked,
        bytesBefore: this.#bytesBefore + head.bytes,
        limits,
        onWanted: () => this.#sendContinue(),
      });
    }
    const body = this.#body ? new ReadableStream(this.#body, { highWaterMark: 0 }) : null;
    const request = new NodeRequest({ head, method, body, signal: () => this.#signal() });
    const upgrade = this.#upgrade;
    if (upgrade) offerUpgrade(request, (events) => upgrade.take(events));
    return dispatch(request, this);
  }

  #refuse({ status, detail }: Refusal): Response {
    this.#isLast = true;
    return problemResponse(status, detail);
  }

  #write(response: Response): Promise<void> | void {
    if (this.#isDone) return void response.body?.cancel().catch(() => {});
    if (response.status === 101) return this.#switch(response);
    this.#upgrade?.fail();
    // Where the next request would begin is not known before the body has ended.
    if (this.#isLast || this.isReceiving || this.#body?.hasFailed) {
      this.#out.shouldKeepAlive = false;
    }
    this.#writer = new NodeResponseWriter(this.#out, {
      isHead: this.#message.method === "HEAD",
      keepAlive: this.#options.keepAlive,
    });
    return this.#writer.write(response);
  }

  /** Leaves HTTP. To whoever asked for the request it is answered. */
  #switch(response: Response): void {
    if (!this.#upgrade?.isTaken) throw new TypeError("Cannot write response: nothing takes over");
    this.#isDone = this.isUpgraded = true;
    this.#completed?.resolve();
    this.#upgrade.open(response, this.#out);
  }

  #sendContinue(): void {
    if (!this.#isContinueDue) return;
    this.#isContinueDue = false;
    this.#out.writeContinue();
  }

  #signal(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.#isDone && !this.#out.writableFinished) this.#abort();
    return this.#gone.signal;
  }

  #abort(): void {
    this.#gone?.abort(new DOMException("The client went away", "AbortError"));
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (!this.#out.writableFinished) this.#abort();
    this.#upgrade?.fail();
    // What still comes of the body has to be taken, or the end of the connection behind it goes unseen.
    if (this.isReceiving) this.#message.resume();
    this.#completed?.resolve();
    this.#onDone();
  }
}
