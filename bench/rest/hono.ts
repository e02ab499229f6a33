// Hono with its default router. The second argument picks what is on: "plain" or "guarded" (its logger and a timeout).
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { logger } from "hono/logger";
import { timeout } from "hono/timeout";
import { z } from "zod";
import { PATTERNS } from "./patterns.ts";

const [port, mode] = Deno.args;
const app = new Hono();
if (mode === "guarded") {
  app.use(logger(() => {})); // It still makes the line; only the terminal is spared.
  app.use(timeout(3000));
}
for (const pattern of PATTERNS) {
  app.get(pattern, (c) => c.json({ id: c.req.param("id"), name: "you" }));
}
const order = z.object({
  customer: z.string().min(1),
  express: z.boolean().default(false),
  items: z.array(z.object({ sku: z.string(), count: z.number().int().min(1).max(100) })),
});
app.post("/orders", zValidator("json", order), (c) => {
  const { customer, items } = c.req.valid("json");
  return c.json({ customer, count: items.reduce((sum, item) => sum + item.count, 0) });
});
Deno.serve({ port: Number(port), onListen() {} }, app.fetch);
