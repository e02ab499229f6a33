import type { Clock } from "../clock.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { AttributeList } from "./_attribute_list.ts";
import type { SpanContext } from "./propagation.ts";
import type {
  Attributes,
  AttributeValue,
  InstrumentationScope,
  Span,
  SpanData,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from "./span.ts";

/** OpenTelemetry's limits: a loop that adds events forever must not fill the memory. */
const MAX_EVENTS = 128;
const MAX_LINKS = 128;

/** What the spans of one tracer share. */
export interface SpanHome {
  readonly clock: Clock;
  readonly scope: InstrumentationScope;
  readonly resource: ReadonlyMap<string, AttributeValue>;
  readonly onEnd: (span: SpanData) => void;
}

/** What makes one span. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  /** The parent, if it was recorded here. */
  readonly local: RecordingSpan | undefined;
}

/** A span that is kept. It is its own {@link SpanData}, so that ending one copies nothing. */
export class RecordingSpan implements Span, SpanData {
  name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly startTimeMs: number;
  endTimeMs = NaN;
  status: SpanStatus = UNSET;
  readonly #home: SpanHome;
  /** Wall time less monotonic time. Spans of one trace share it: a clock that is set moves none of them. */
  readonly #offsetMs: number;
  readonly #attributes = new AttributeList();
  #events: SpanEvent[] | undefined;
  #links: SpanLink[] | undefined;
  #droppedEvents = 0;
  #droppedLinks = 0;

  constructor(home: SpanHome, start: SpanStart) {
    this.#home = home;
    this.name = start.name;
    this.kind = start.kind;
    this.context = start.context;
    this.parent = start.parent;
    const nowMs = home.clock.now();
    this.#offsetMs = start.local ? start.local.#offsetMs : home.clock.wallTime() - nowMs;
    this.startTimeMs = this.#offsetMs + nowMs;
  }

  get attributes(): ReadonlyMap<string, AttributeValue> {
    return this.#attributes.entries;
  }

  get events(): readonly SpanEvent[] {
    return this.#events ?? [];
  }

  get links(): readonly SpanLink[] {
    return this.#links ?? [];
  }

  get dropped(): SpanData["dropped"] {
    return {
      attributes: this.#attributes.dropped,
      events: this.#droppedEvents,
      links: this.#droppedLinks,
    };
  }

  get scope(): InstrumentationScope {
    return this.#home.scope;
  }

  get resource(): ReadonlyMap<string, AttributeValue> {
    return this.#home.resource;
  }

  spanContext(): SpanContext {
    return this.context;
  }

  isRecording(): boolean {
    return Number.isNaN(this.endTimeMs);
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (this.isRecording()) this.#attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.isRecording()) this.#attributes.setAll(attributes);
    return this;
  }

  addEvent(name: string, attributes?: Attributes): this {
    if (!this.isRecording()) return this;
    if (this.#events?.length === MAX_EVENTS) {
      this.#droppedEvents++;
      return this;
    }
    const timeMs = this.#offsetMs + this.#home.clock.now();
    const list = new AttributeList();
    if (attributes) list.setAll(attributes);
    (this.#events ??= []).push({ name, timeMs, attributes: list.entries });
    return this;
  }

  addLink(link: SpanLink): this {
    if (!this.isRecording()) return this;
    if (this.#links?.length === MAX_LINKS) this.#droppedLinks++;
    else (this.#links ??= []).push(link);
    return this;
  }

  setStatus(status: SpanStatus): this {
    const final = this.status.code === "ok" || status.code === "unset";
    if (this.isRecording() && !final) this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording()) this.name = name;
    return this;
  }

  recordException(error: unknown): this {
    if (!this.isRecording()) return this;
    const isError = error instanceof Error;
    return this.addEvent("exception", {
      "exception.type": isError ? String(error.name) : typeof error,
      "exception.message": isError ? String(error.message) : reasonOf(error),
      "exception.stacktrace": isError ? error.stack : undefined,
    });
  }

  end(): void {
    if (!this.isRecording()) return;
    this.endTimeMs = this.#offsetMs + this.#home.clock.now();
    this.#home.onEnd(this);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

const UNSET: SpanStatus = { code: "unset" };
