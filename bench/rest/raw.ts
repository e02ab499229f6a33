// The bare runtime: no routing, the same answer.
Deno.serve({ port: Number(Deno.args[0]), onListen() {} }, () =>
  new Response(JSON.stringify({ id: "42", name: "you" }), {
    headers: { "content-type": "application/json; charset=utf-8" },
  }));
