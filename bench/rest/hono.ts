// Hono with its default router.
import { Hono } from "hono";
import { PATTERNS } from "./patterns.ts";

const app = new Hono();
for (const pattern of PATTERNS) {
  app.get(pattern, (c) => c.json({ id: c.req.param("id"), name: "you" }));
}
Deno.serve({ port: Number(Deno.args[0]), onListen() {} }, app.fetch);
