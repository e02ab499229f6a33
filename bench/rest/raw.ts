// The bare runtime at its best: no routing, the same answer.
Deno.serve(
  { port: Number(Deno.args[0]), onListen() {} },
  () => Response.json({ id: "42", name: "you" }),
);
