/** Publishes `child:1` until it is ended: `publisher.ts HOST SERVICE`. */
import { noopLogger } from "../../../log/logger.ts";
import { EtcdRegistry } from "../registry.ts";

const [host, service] = Deno.args;
const registry = new EtcdRegistry({
  hosts: [host!],
  leaseTtlS: 2,
  retryMs: 50,
  maxRetryMs: 200,
  logger: noopLogger,
});
await registry.publish(service!, "child:1");
await new Promise((resolve) => setTimeout(resolve, 60_000));
