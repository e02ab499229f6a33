// Not @std/path: loading it takes as long as starting the runtime does.
import { basename, dirname, join } from "node:path";
import type { Clock } from "../clock.ts";
import type { ByteTarget } from "./line_buffer.ts";
import { reasonOf } from "./value_renderer.ts";
import type { RotationRule } from "./rotation.ts";
import { writeAll, writeAllSync } from "./write_all.ts";

/** Options for {@link RotatingFile}. */
export interface RotatingFileOptions {
  /** When to begin a new file. */
  rule: RotationRule;
  /** Whether backups are compressed with gzip. */
  compress: boolean;
  /** Time source. */
  clock: Clock;
  /** Told what went wrong. Writing goes on where it can. */
  onError: (message: string) => void;
}

/** A file that is appended to, and set aside under another name when its rule says so. */
export class RotatingFile implements ByteTarget {
  readonly #path: string;
  readonly #options: RotatingFileOptions;
  #file: Deno.FsFile | undefined;
  #size = 0;
  #since = 0;
  #written = false;
  #cleaning: Promise<void> = Promise.resolve();

  /** Opens or makes the file at `path`, whose folder must exist. Throws if it cannot. */
  constructor(path: string, options: RotatingFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#open();
  }

  /** Appends `bytes`, to a new file if that is due. */
  async write(bytes: Uint8Array): Promise<void> {
    const { rule, clock } = this.#options;
    const nowMs = clock.wallTime();
    const current = { size: this.#size, since: this.#since };
    if (rule.due(current, bytes.length, nowMs)) await this.#rotate(nowMs);
    const file = this.#opened();
    this.#count(bytes);
    await writeAll(file, bytes);
  }

  /** Appends `bytes` to the current file, whatever its rule says. */
  writeSync(bytes: Uint8Array): void {
    const file = this.#opened();
    this.#count(bytes);
    writeAllSync(file, bytes);
  }

  /** Resolves once backups have been compressed and deleted, and the file is closed. */
  async close(): Promise<void> {
    await this.#cleaning;
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    try {
      if (this.#written) await file.syncData();
    } catch (error) {
      // A disk that is full is no reason for a service not to end as it should.
      this.#options.onError(`Cannot sync log file ${this.#path}: ${reasonOf(error)}`);
    } finally {
      file.close();
    }
  }

  #opened(): Deno.FsFile {
    if (!this.#file) throw new Error(`Cannot write log line: log file closed: ${this.#path}`);
    return this.#file;
  }

  #open(): void {
    this.#file = Deno.openSync(this.#path, { append: true, create: true, mode: 0o600 });
    const { size, mtime } = this.#file.statSync();
    this.#size = size;
    // Lines of yesterday, left by a run that ended then, belong into the file of yesterday.
    if (size > 0) this.#since = mtime?.getTime() ?? this.#options.clock.wallTime();
  }

  #count(bytes: Uint8Array): void {
    if (this.#size === 0) this.#since = this.#options.clock.wallTime();
    this.#size += bytes.length;
    this.#written = true;
  }

  async #rotate(nowMs: number): Promise<void> {
    const { onError } = this.#options;
    this.#file?.close();
    this.#file = undefined;
    try {
      const backup = await this.#freeBackup();
      await Deno.rename(this.#path, backup);
      // Beside the writing: compressing a large file must not hold up the lines that follow.
      this.#cleaning = this.#cleaning.then(() => this.#clean(backup, nowMs));
    } catch (error) {
      onError(`Cannot rotate log file ${this.#path}: ${reasonOf(error)}`);
    }
    this.#open();
  }

  async #freeBackup(): Promise<string> {
    const { rule } = this.#options;
    const folder = dirname(this.#path);
    const taken = new Set(await listFiles(folder));
    for (let attempt = 0;; attempt++) {
      const name = rule.backupName(basename(this.#path), this.#since, attempt);
      if (!taken.has(name) && !taken.has(`${name}.gz`)) return join(folder, name);
    }
  }

  async #clean(backup: string, nowMs: number): Promise<void> {
    const { compress, onError, rule } = this.#options;
    if (compress) {
      await gzipFile(backup).catch((error) =>
        onError(`Cannot compress log file ${backup}: ${reasonOf(error)}`)
      );
    }
    const folder = dirname(this.#path);
    const names = await listFiles(folder).catch(() => []);
    for (const name of rule.outdated(basename(this.#path), names, nowMs)) {
      await Deno.remove(join(folder, name)).catch((error) =>
        onError(`Cannot remove outdated log file ${name}: ${reasonOf(error)}`)
      );
    }
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(entry.name);
  return names;
}

/** Replaces a file by its compressed form. Until that is complete the original stays. */
async function gzipFile(path: string): Promise<void> {
  const partial = `${path}.gz.partial`;
  try {
    const options = { write: true, create: true, truncate: true, mode: 0o600 };
    const target = await Deno.open(partial, options);
    const source = await Deno.open(path).catch((error) => {
      target.close();
      throw error;
    });
    await source.readable.pipeThrough(new CompressionStream("gzip")).pipeTo(target.writable);
    await Deno.rename(partial, `${path}.gz`);
  } catch (error) {
    await Deno.remove(partial).catch(() => {}); // The error of interest is the first one.
    throw error;
  }
  await Deno.remove(path);
}
