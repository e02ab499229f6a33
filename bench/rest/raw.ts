// The bare runtime at its best: no routing, the same answers.
Deno.serve({ port: Number(Deno.args[0]), onListen() {} }, (request) => {
  if (request.method === "GET") return Response.json({ id: "42", name: "you" });
  return request.json().then(({ customer, items }: Order) =>
    Response.json({ customer, count: items.reduce((sum, item) => sum + item.count, 0) })
  );
});

interface Order {
  customer: string;
  items: { count: number }[];
}
