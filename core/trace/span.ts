import type { SpanContext } from "./propagation.ts";

/** What part a span plays in a call. */
export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";

/** What an attribute can hold. */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | readonly boolean[];

/** Facts about a span. An attribute that is `undefined` is not set. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** How the work of a span ended. */
export interface SpanStatus {
  /** `unset` means that nobody has said; viewers take it as success. */
  readonly code: "unset" | "ok" | "error";
  /** What went wrong. */
  readonly message?: string | undefined;
}

/** Points to a span, of this trace or another, that is related but not the parent. */
export interface SpanLink {
  /** The other span. */
  readonly context: SpanContext;
  /** Facts about the relation. */
  readonly attributes?: Attributes | undefined;
}

/** Options for the start of a span. */
export interface SpanOptions {
  /** What part the span plays. @default {"internal"} */
  kind?: SpanKind | undefined;
  /** Facts that are known from the start. */
  attributes?: Attributes | undefined;
  /** Related spans. */
  links?: readonly SpanLink[] | undefined;
  /** The parent; `null` begins a new trace. @default {the current span} */
  parent?: SpanContext | null | undefined;
}

/**
 * A piece of work with a beginning, an end and a place in a trace. The methods are those of
 * OpenTelemetry's spans. None of them throws, and after {@link end} none has an effect.
 */
export interface Span extends Disposable {
  /** The ids that tie the span into its trace; `undefined` if tracing is off. */
  spanContext(): SpanContext | undefined;
  /** Whether what is set is kept. Spares the work of finding attributes that nobody will see. */
  isRecording(): boolean;
  /** Sets a fact. */
  setAttribute(key: string, value: AttributeValue | undefined): this;
  /** Sets several facts. */
  setAttributes(attributes: Attributes): this;
  /** Notes that something happened now. */
  addEvent(name: string, attributes?: Attributes): this;
  /** Points to a related span. */
  addLink(link: SpanLink): this;
  /** Says how it went. `ok` is the last word, and `unset` says nothing. */
  setStatus(status: SpanStatus): this;
  /** Replaces the name, for instance when the route becomes known. */
  updateName(name: string): this;
  /** Notes an error as an event named `exception`. Does not touch the status. */
  recordException(error: unknown): this;
  /** Ends the span. Only the first call counts. */
  end(): void;
  /** Ends the span, so that `using` does. */
  [Symbol.dispose](): void;
}

/** Who made a span. */
export interface InstrumentationScope {
  /** The name of the library or the service. */
  readonly name: string;
  /** Its version. */
  readonly version?: string | undefined;
}

/** Something that happened during a span. */
export interface SpanEvent {
  /** What happened. */
  readonly name: string;
  /** When, in ms since the Unix epoch, with a fraction. */
  readonly timeMs: number;
  /** Facts about it. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** A span that has ended, as exporters see it. */
export interface SpanData {
  /** What was done. */
  readonly name: string;
  /** What part it played. */
  readonly kind: SpanKind;
  /** Its ids. */
  readonly context: SpanContext;
  /** The span that caused it, unless it began its trace. */
  readonly parent: SpanContext | undefined;
  /** Beginning, in ms since the Unix epoch, with a fraction. */
  readonly startTimeMs: number;
  /** End, in ms since the Unix epoch, with a fraction. Never before the beginning. */
  readonly endTimeMs: number;
  /** Facts. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** What happened meanwhile, oldest first. */
  readonly events: readonly SpanEvent[];
  /** Related spans. */
  readonly links: readonly SpanLink[];
  /** How it ended. */
  readonly status: SpanStatus;
  /** Facts, events and links that found no room. */
  readonly dropped: {
    readonly attributes: number;
    readonly events: number;
    readonly links: number;
  };
  /** Who made it. */
  readonly scope: InstrumentationScope;
  /** The process it was made in. */
  readonly resource: ReadonlyMap<string, AttributeValue>;
}

/** Takes spans that have ended. */
export interface SpanProcessor extends AsyncDisposable {
  /** Takes a span. Must not throw and should return at once. */
  onEnd(span: SpanData): void;
  /** Resolves once all spans so far have been handed on, or given up. Never rejects. */
  flush(): Promise<void>;
}
