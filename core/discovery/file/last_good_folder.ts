/**
 * Last good lists in a folder.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { murmur3Hex } from "../../hash/murmur3.ts";
import type { LastGoodStore } from "../source.ts";

/** Options for {@link LastGoodFolder}. */
export interface LastGoodFolderOptions {
  /** How old a list may be to be used, in ms, > 0. @default {86_400_000, a day} */
  readonly maxAgeMs?: number | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/** What the name of a file ends with that is not whole yet. */
const DRAFT = ".draft";
const LEFT_BEHIND = /^[0-9a-f]+\.json\.[0-9a-f-]{36}\.draft$/;
/** How old a draft may be, in ms, that somebody may still be writing. */
const DRAFT_LIFE_MS = 60_000;

/** What a file holds. */
interface Saved {
  readonly name: string;
  readonly savedAtMs: number;
  readonly entries: Readonly<Record<string, string>>;
}

/**
 * Keeps last good lists in the files of a folder, so that a process which starts while the registry is away finds
 * the services as they were. A file is written whole or not at all, whoever else writes it, and nobody but its owner can read it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const store = new LastGoodFolder(await Deno.makeTempDir());
 * await store.save("greet.rpc", new Map([["greet.rpc/7", "10.0.0.7:8080"]]));
 * assertEquals((await store.load("greet.rpc"))?.get("greet.rpc/7"), "10.0.0.7:8080");
 * ```
 */
export class LastGoodFolder implements LastGoodStore {
  readonly #folder: string;
  readonly #maxAgeMs: number;
  readonly #clock: Clock;
  #swept: Promise<void> | undefined;

  /** Uses `folder`, which is made when there is something to save. */
  constructor(folder: string, options: LastGoodFolderOptions = {}) {
    const { maxAgeMs = 86_400_000, clock = systemClock } = options;
    if (!(maxAgeMs > 0)) {
      throw new RangeError(`Cannot keep last good lists: need maxAgeMs > 0, got ${maxAgeMs}`);
    }
    this.#folder = folder;
    this.#maxAgeMs = maxAgeMs;
    this.#clock = clock;
  }

  /** The entries last saved under `name`; `undefined` if there are none, or they are too old or broken. */
  async load(name: string): Promise<ReadonlyMap<string, string> | undefined> {
    const text = await readIfThere(this.#fileOf(name));
    const saved = text === undefined ? undefined : parseSaved(text);
    if (saved?.name !== name) return undefined;
    const ageMs = this.#clock.wallTime() - saved.savedAtMs;
    if (ageMs > this.#maxAgeMs) return undefined;
    return new Map(Object.entries(saved.entries));
  }

  /** Saves entries under `name`. */
  async save(name: string, entries: ReadonlyMap<string, string>): Promise<void> {
    const saved: Saved = {
      name,
      savedAtMs: this.#clock.wallTime(),
      entries: Object.fromEntries(entries),
    };
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#swept ??= this.#sweep().catch(() => {}); // What cannot be removed does no harm.
    await this.#swept;
    const file = this.#fileOf(name);
    // Of one's own, for other processes may save the same list now.
    const draft = `${file}.${crypto.randomUUID()}${DRAFT}`;
    try {
      await writeDurably(draft, JSON.stringify(saved));
      await Deno.rename(draft, file);
    } catch (error) {
      await Deno.remove(draft).catch(() => {});
      throw error;
    }
  }

  /** Removes, once, what processes have left behind that died while they saved. */
  async #sweep(): Promise<void> {
    for await (const { name } of Deno.readDir(this.#folder)) {
      if (!LEFT_BEHIND.test(name)) continue;
      const path = `${this.#folder}/${name}`;
      const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
      const isOld = mtime !== null && this.#clock.wallTime() - mtime.getTime() > DRAFT_LIFE_MS;
      if (isOld) await Deno.remove(path).catch(() => {});
    }
  }

  #fileOf(name: string): string {
    return `${this.#folder}/${murmur3Hex(name)}.json`;
  }
}

/** Writes a file that is on the disk, and not just about to be, when this resolves: what is renamed over the old one must be whole. */
async function writeDurably(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  await file.syncData();
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function parseSaved(text: string): Saved | undefined {
  try {
    const saved: Partial<Saved> = JSON.parse(text);
    const { name, savedAtMs, entries } = saved;
    const isWhole = typeof name === "string" && typeof savedAtMs === "number" &&
      typeof entries === "object" && entries !== null &&
      Object.values(entries).every((value) => typeof value === "string");
    return isWhole ? { name, savedAtMs, entries } : undefined;
  } catch {
    return undefined;
  }
}
