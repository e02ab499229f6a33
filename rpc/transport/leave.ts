/**
 * Not wanting any more.
 *
 * @module
 */

/** Lets whoever makes items know that nobody wants more. What it says to that is of no interest. */
export async function leave(items: AsyncIterator<unknown>): Promise<void> {
  try {
    await items.return?.();
  } catch {
    // Nobody waits for it.
  }
}
