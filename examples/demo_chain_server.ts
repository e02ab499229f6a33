/**
 * The shop of `deno task demo`: a service with one route for each thing that can go wrong. It says on its first line where it
 * and its dev server listen.
 *
 * @module
 */

import { TokenBucketLimiter } from "@zeno/zeno/core/limit";
import { type Context, empty, json, Server } from "@zeno/zeno/rest";
import { byAddress, rateLimit } from "@zeno/zeno/rest/security";

const [devPort] = Deno.args.map(Number);
const server = new Server({
  Name: "shop",
  Host: "127.0.0.1",
  Port: 0,
  DevServer: { Port: devPort ?? 0 },
  Log: { Level: "severe" },
});

/** A report that takes five seconds, for which the route has not the time. */
let abandoned = 0;
server.get("/report", async (_request, { signal }: Context) => {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 5000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      abandoned++;
      resolve();
    });
  });
  return json({ pages: 400 });
}, { timeoutMs: 200 });
server.get("/report/abandoned", () => json(abandoned));

/** What a supplier has in stock, who may be down. */
const supplier = { isDown: false, calls: 0 };
server.get("/stock", () => {
  supplier.calls++;
  if (supplier.isDown) throw new Error("connection refused");
  return json({ apples: 7 });
});
server.get("/supplier/calls", () => json(supplier.calls));
server.post("/supplier/:state", (_request, { params }) => {
  supplier.isDown = params["state"] === "down";
  return empty();
});

/** Five coupons at once, then one a second, for each address. */
const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 5 });
server.get("/coupon", () => json({ percent: 10 }), {
  middleware: [rateLimit({ limiter, key: byAddress() })],
});

/** Keeps the processor busy, as a large template would. */
function render(): Response {
  const endMs = performance.now() + 10;
  while (performance.now() < endMs);
  return json("rendered");
}
server.get("/page", render);
server.get("/checkout", render, { criticality: "critical" });

await server.start();
const { port } = server.address;
console.log(JSON.stringify({ port, devPort: server.runtime.devServer?.address.port }));
