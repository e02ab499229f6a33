/** Settles as `promise` does, or rejects with the reason of `signal` if that is aborted first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {}); // The caller hears why it was aborted instead.
      return reject(signal.reason);
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    // `Promise.race` would leave a listener on a signal that outlives the call.
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
