/**
 * Restarts while clients ask, as a deployment does them: the new process serves before the old is told to stop, and whoever sends
 * clients somewhere sends them to the new one from then on.
 */
import { assert, assertEquals } from "@std/assert";
import type { ListenerKind } from "../listener/config.ts";
import { Child } from "./testdata/child.ts";
import { fortyClients, totals } from "./testdata/keep_alive_client.ts";
import { KINDS } from "./testdata/target.ts";

/** More are for when there is time: `ZENO_RESTARTS=20`. */
const RESTARTS = Number(Deno.env.get("ZENO_RESTARTS") ?? 2);

/** Long enough for each client to be answered once more, and so to learn that it is to leave. */
const WRAP_UP_MS = 300;

async function restartUnderLoad(kind: ListenerKind): Promise<{ answered: number; lost: number }> {
  await using children = new AsyncDisposableStack();
  const start = async () => children.use(await Child.start(kind, {}, { wrapUpMs: WRAP_UP_MS }));
  let current = await start();
  let wanted = true;
  const clients = fortyClients({ port: () => current.port, wants: () => wanted });
  const running = clients.map((client) => client.run());
  for (let round = 0; round < RESTARTS; round++) {
    const old = current;
    current = await start();
    old.signal("SIGTERM");
    assertEquals((await old.status).code, 0);
  }
  wanted = false;
  await Promise.all(running);
  return totals(clients);
}

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} loses no request of keep-alive clients in ${RESTARTS} rolling restarts`, async () => {
    const { answered, lost } = await restartUnderLoad(kind);
    if (RESTARTS > 5) console.log(`${kind}: ${answered} answered, ${lost} lost`);
    assert(answered > 200 * RESTARTS, `${answered}`);
    assertEquals(lost, 0);
  });
}
