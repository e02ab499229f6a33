/**
 * The signals that ask a process to stop: TERM from its supervisor and INT from a terminal; on Windows,
 * which has no TERM, BREAK and INT.
 */
export const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGTERM", "SIGINT"];

/**
 * Calls `handler` for every signal of `signals` until disposed; then the platform's own action is back,
 * which ends the process. Nothing is installed before the call, and a listener does not keep the
 * process alive.
 */
export function listenSignals(
  signals: readonly Deno.Signal[],
  handler: (signal: Deno.Signal) => void,
): Disposable {
  const installed = signals.map((signal) => {
    const listener = () => handler(signal);
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, listener } of installed.splice(0)) {
        Deno.removeSignalListener(signal, listener);
      }
    },
  };
}
