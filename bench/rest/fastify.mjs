// @ts-nocheck -- Node runs this, from a folder that has Fastify.
// Fastify on Node, with a schema for what it answers, which is how it is fastest.
import fastify from "fastify";

const [port, ...patterns] = process.argv.slice(2);
const app = fastify();
const text = { type: "string" };
const answer = { 200: { type: "object", properties: { id: text, name: text } } };
for (const pattern of patterns) {
  app.get(pattern, { schema: { response: answer } }, (request, reply) => {
    reply.send({ id: request.params.id, name: "you" });
  });
}
const body = {
  type: "object",
  required: ["customer", "items"],
  properties: {
    customer: { type: "string", minLength: 1 },
    express: { type: "boolean", default: false },
    items: {
      type: "array",
      items: {
        type: "object",
        required: ["sku", "count"],
        properties: { sku: text, count: { type: "integer", minimum: 1, maximum: 100 } },
      },
    },
  },
};
app.post("/orders", { schema: { body } }, (request, reply) => {
  const { customer, items } = request.body;
  reply.send({ customer, count: items.reduce((sum, item) => sum + item.count, 0) });
});
await app.listen({ port: Number(port), host: "127.0.0.1" });
