import { writeAll } from "../log/write_all.ts";
import type { SpanExporter } from "./exporter.ts";
import { otlpTraceRequest } from "./otlp_json.ts";
import type { SpanData } from "./span.ts";

/**
 * Appends spans to a file, one JSON document a line for each span. A line is a whole OTLP/JSON
 * request, so a collector's `otlpjsonfile` receiver can read the file.
 */
export class FileExporter implements SpanExporter {
  readonly #file: Deno.FsFile;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Opens the file at `path`, or makes it; its folder must be there. Rejects if that fails. */
  static async open(path: string): Promise<FileExporter> {
    return new FileExporter(await Deno.open(path, { append: true, create: true }));
  }

  /** Writes a batch. */
  async export(spans: readonly SpanData[]): Promise<void> {
    const lines = spans.map((span) => `${JSON.stringify(otlpTraceRequest([span]))}\n`);
    await writeAll(this.#file, new TextEncoder().encode(lines.join("")));
  }

  /** Closes the file. */
  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}
