import { array, boolean, float64, int, string } from "./builders.ts";
import { parseJson } from "./json.ts";
import { object } from "./object.ts";

const greet = object({
  name: string().options(["you", "me"]).in("path"),
  page: int().range("[1:100]").default(1).in("form"),
});

const order = object({
  id: int(),
  customer: string(),
  email: string(),
  status: string().options(["new", "paid", "sent"]),
  priority: int().range("[0:10]").default(5),
  gift: boolean().default(false),
  note: string().optional(),
  total: float64(),
  tags: array(string()),
  lines: array(object({ sku: string(), quantity: int().range("[1:1000]"), price: float64() })),
});

const text = JSON.stringify({
  id: 12345,
  customer: "Ada Lovelace",
  email: "ada@example.com",
  status: "paid",
  priority: 3,
  gift: true,
  note: "leave it at the door, please",
  total: 129.95,
  tags: ["book", "express"],
  lines: [{ sku: "B-1", quantity: 1, price: 99.95 }, { sku: "B-2", quantity: 3, price: 10 }],
});
const roundingText = text.replace("129.95", "129.950");
const tree: unknown = JSON.parse(text);

const form = new URLSearchParams("page=3");
const path = { name: "me" };

Deno.bench("bind: 2 fields of path and query", { group: "bind" }, () => {
  greet.bind({ path, form });
});

Deno.bench("JSON.parse alone", { group: "body", baseline: true }, () => {
  JSON.parse(text);
});

Deno.bench("parseJson: every number exact as it is", { group: "body" }, () => {
  parseJson(text);
});

Deno.bench("parseJson: one number keeps its digits", { group: "body" }, () => {
  parseJson(roundingText);
});

Deno.bench("bind of the parsed body, 10 fields", { group: "body" }, () => {
  order.bind({ json: tree });
});

Deno.bench("parseJson and bind", { group: "body" }, () => {
  order.bind({ json: parseJson(text) });
});

Deno.bench("safeParse of a body with two problems", { group: "body" }, () => {
  order.safeParse({ ...(tree as Record<string, unknown>), id: "x", status: "lost" });
});
