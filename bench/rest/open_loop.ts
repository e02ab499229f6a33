// Load for the overload comparison, one JSON array of [tier, status, latencyMs] a request on stdout:
//   open PORT RATE SECONDS    requests are sent when they are due, whatever became of those before
//   closed PORT CONNS SECONDS as many connections ask again as soon as they were answered
// In the open loop latency counts from when a request was due, so a generator that falls behind shows as latency and
// not as less load.

const [mode] = Deno.args;
const [port, amount, seconds] = Deno.args.slice(1).map(Number) as [number, number, number];

/** What part of the requests is critical, normal and sheddable. */
const TIERS = [["c", 0.05], ["n", 0.65], ["s", 0.3]] as const;

const encoder = new TextEncoder();
const REQUESTS: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  TIERS.map(([tier]) => [tier, encoder.encode(`GET /${tier} HTTP/1.1\r\nhost: a\r\n\r\n`)]),
);

class Connection {
  readonly #conn: Deno.TcpConn;
  readonly #buffer = new Uint8Array(1024);

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async open(): Promise<Connection> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay();
    return new Connection(conn);
  }

  /** The status of the answer. Answers are small, so they come in one piece. */
  async ask(tier: string): Promise<number> {
    await this.#conn.write(REQUESTS[tier]!);
    const count = await this.#conn.read(this.#buffer);
    if (count === null) throw new Error("Cannot read answer: the server closed the connection");
    return Number(String.fromCharCode(...this.#buffer.subarray(9, 12))); // HTTP/1.1 200 OK
  }
}

const results: [tier: string, status: number, latencyMs: number][] = [];

function pickTier(): string {
  let chance = Math.random();
  for (const [tier, share] of TIERS) if ((chance -= share) < 0) return tier;
  return "n";
}

function note(tier: string, status: number, sinceMs: number): void {
  results.push([tier, status, Math.round((performance.now() - sinceMs) * 1000) / 1000]);
}

async function openLoop(endMs: number): Promise<void> {
  const idle: Connection[] = [];
  const pending = new Set<Promise<void>>();
  const send = async (tier: string, dueMs: number) => {
    let status = 0; // Of a connection that was refused or closed.
    try {
      const connection = idle.pop() ?? await Connection.open();
      status = await connection.ask(tier);
      idle.push(connection);
    } catch {
      // Counted as status 0.
    }
    note(tier, status, dueMs);
  };
  for (let dueMs = performance.now(); dueMs < endMs;) {
    while (dueMs <= performance.now() && dueMs < endMs) {
      const sent = send(pickTier(), dueMs).finally(() => pending.delete(sent));
      pending.add(sent);
      dueMs -= Math.log(1 - Math.random()) * 1000 / amount;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
  }
  // What has no answer ten seconds after the end has none.
  const late = new Promise((resolve) => setTimeout(resolve, 10_000));
  await Promise.race([Promise.all(pending), late]);
}

async function closedLoop(endMs: number): Promise<void> {
  await Promise.all(Array.from({ length: amount }, async () => {
    const connection = await Connection.open();
    while (performance.now() < endMs) {
      const startedMs = performance.now();
      note("n", await connection.ask("n"), startedMs);
    }
  }));
}

const endMs = performance.now() + seconds * 1000;
await (mode === "open" ? openLoop(endMs) : closedLoop(endMs));
console.log(JSON.stringify(results));
Deno.exit(0);
