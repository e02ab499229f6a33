/**
 * The pods of a service as something that can be followed.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { ServiceError } from "../../errors.ts";
import { changesBetween, type EntryChange } from "../entry_set.ts";
import { jsonLines } from "../json_lines.ts";
import type { Listing, WatchSource } from "../source.ts";
import type { KubernetesApi } from "./api.ts";
import type { KubernetesService } from "./service_name.ts";
import { addressesOf, type EndpointSlice } from "./_slice.ts";

/** How long the API server may take for a list, in ms. */
const LIST_TIMEOUT_MS = 10_000;
/** After how long the server ends a watch, in s; it goes on from there with the next. */
const WATCH_TIMEOUT_S = 60;
/** How much later it is ended from here, in ms, if the server has not: the connection has died in silence. */
const WATCH_GRACE_MS = 10_000;
/** A watch that ends sooner, in ms, is none: not to ask in a loop, all is listed anew. */
const MIN_WATCH_MS = 1_000;
/** The version that is asked for is no longer kept. */
const GONE = 410;

interface SliceList {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items?: readonly EndpointSlice[] | null;
}

interface WatchLine {
  readonly type?: string;
  readonly object?: EndpointSlice & { readonly code?: number; readonly message?: string };
}

/** Options for {@link SliceSource}. */
export interface SliceSourceOptions {
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/** Lists and watches the EndpointSlices of a service. */
export class SliceSource implements WatchSource {
  readonly name: string;
  readonly #api: () => Promise<KubernetesApi>;
  readonly #port: number | string;
  readonly #path: string;
  readonly #clock: Clock;
  /** The last that was heard of, for the watch that follows. */
  #version = "";
  /** The addresses that each slice has: several slices make up a service. */
  #slices = new Map<string, ReadonlyMap<string, string>>();

  /** Makes a source. `api` is asked for when it is first needed, and again after it has failed. */
  constructor(
    api: () => Promise<KubernetesApi>,
    { namespace, service, port }: KubernetesService,
    options: SliceSourceOptions = {},
  ) {
    this.name = `kubernetes service "${namespace}/${service}"`;
    this.#api = api;
    this.#port = port;
    this.#clock = options.clock ?? systemClock;
    const label = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    this.#path =
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${label}`;
  }

  /** Reads all slices. */
  list(signal: AbortSignal): Promise<Listing> {
    return this.#limited(LIST_TIMEOUT_MS, signal, async (limited) => {
      const response = await (await this.#api()).get(this.#path, limited);
      await this.#check(response);
      const { metadata, items } = await response.json() as SliceList;
      this.#version = metadata?.resourceVersion ?? "";
      this.#slices = new Map();
      for (const slice of items ?? []) this.#slices.set(nameOf(slice), this.#entriesOf(slice));
      const entries = [...this.#slices.values()].flatMap((slice) => [...slice]);
      return { entries: new Map(entries) };
    });
  }

  /** Reports how slices change, over as many watches as the server wants. */
  async watch(
    _listing: Listing,
    report: (changes: readonly EntryChange[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      const startedAt = this.#clock.now();
      const isGone = await this.#watchOnce(report, signal);
      if (isGone || this.#clock.now() - startedAt < MIN_WATCH_MS) return;
    }
  }

  /** Resolves when the server has ended the watch; with true if the version is no longer kept. */
  #watchOnce(
    report: (changes: readonly EntryChange[]) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const path = `${this.#path}&watch=true&allowWatchBookmarks=true&timeoutSeconds=` +
      `${WATCH_TIMEOUT_S}&resourceVersion=${encodeURIComponent(this.#version)}`;
    const limitMs = WATCH_TIMEOUT_S * 1_000 + WATCH_GRACE_MS;
    return this.#limited(limitMs, signal, async (limited) => {
      const response = await (await this.#api()).get(path, limited);
      if (response.status === GONE) return true;
      await this.#check(response);
      for await (const line of jsonLines(response.body!)) {
        const { type, object = {} } = line as WatchLine;
        if (type === "ERROR") {
          if (object.code === GONE) return true;
          throw refused(this.name, object.message ?? "no reason given");
        }
        this.#version = object.metadata?.resourceVersion ?? this.#version;
        if (type !== "BOOKMARK") report(this.#replace(object, type === "DELETED"));
      }
      return false;
    });
  }

  /** Takes a slice as it is now; what has changed. */
  #replace(slice: EndpointSlice, isDeleted: boolean): EntryChange[] {
    const name = nameOf(slice);
    const before = this.#slices.get(name) ?? new Map();
    const after = isDeleted ? new Map<string, string>() : this.#entriesOf(slice);
    if (isDeleted) this.#slices.delete(name);
    else this.#slices.set(name, after);
    return changesBetween(before, after);
  }

  #entriesOf(slice: EndpointSlice): ReadonlyMap<string, string> {
    const name = nameOf(slice);
    return new Map(
      addressesOf(slice, this.#port).map((address) => [`${name}/${address}`, address]),
    );
  }

  async #check(response: Response): Promise<void> {
    if (response.ok) return;
    const text = (await response.text()).slice(0, 200);
    const remedy = response.status === 403
      ? "; the service account needs list and watch of endpointslices in discovery.k8s.io"
      : "";
    throw refused(this.name, `status ${response.status} ${text}${remedy}`);
  }

  /** Runs a request that is ended after a while. */
  async #limited<T>(
    limitMs: number,
    outer: AbortSignal,
    request: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const onAbort = () => controller.abort(outer.reason);
    if (outer.aborted) onAbort();
    outer.addEventListener("abort", onAbort, { once: true });
    using _timer = this.#clock.setTimer(
      () => controller.abort(refused(this.name, `no answer within ${limitMs} ms`)),
      limitMs,
    );
    try {
      return await request(controller.signal);
    } finally {
      outer.removeEventListener("abort", onAbort);
      controller.abort(); // Lets go of a body that was not read to its end.
    }
  }
}

function nameOf(slice: EndpointSlice): string {
  return slice.metadata?.name ?? "";
}

function refused(name: string, why: string): ServiceError {
  return new ServiceError("unavailable", `Cannot read ${name}: ${why}`);
}
