/** What can be written to in pieces, such as a file or a standard stream. */
export interface ByteWriter {
  /** Writes some of `bytes`; answers how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** The same, blocking. */
  writeSync(bytes: Uint8Array): number;
}

/** Writes all of `bytes`, in as many pieces as it takes. */
export async function writeAll(writer: ByteWriter, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += someOf(await writer.write(bytes.subarray(done)));
  }
}

/** As {@link writeAll}, blocking. */
export function writeAllSync(writer: ByteWriter, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    done += someOf(writer.writeSync(bytes.subarray(done)));
  }
}

/** A writer that takes nothing would be asked for ever. */
function someOf(written: number): number {
  if (written > 0) return written;
  throw new Error("Cannot write log line: the stream takes no more");
}
