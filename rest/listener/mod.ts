/**
 * Listening: three ways to answer a socket, one contract.
 *
 * A `Server` picks one by `Listener.Kind` in its configuration. They differ in speed and in what they let a hostile client do:
 *
 * | | `serve` (the default) | `connection` | `node` |
 * |---|---|---|---|
 * | made of | `Deno.serve` | `Deno.serve`, one connection at a time | `node:http` |
 * | use it | behind a proxy or load balancer that speaks HTTP | behind one that only passes connections on | at the edge, clients unknown |
 * | processor time a request, of bare `Deno.serve` | 1 | 1.3 | 4.3 (`node:http` itself 3.7) |
 * | memory of an idle connection | 18 KB, all the runtime's | 35 KB (the runtime's 28) | 15 KB (`node:http` itself 14) |
 * | `HeaderTimeout` | no limit | closed | 408, then closed |
 * | `BodyTimeout`, of what a client sends | no limit | the handler is freed; the connection only when the client closes it | 408, then closed |
 * | `BodyTimeout`, of what a client takes | no limit | no limit | closed |
 * | a TLS handshake that does not come | no limit | holds its place until the client goes | closed |
 * | `MinBodyRate` | no limit | no limit | 408, then closed |
 * | `IdleTimeout` | no limit | closed | closed, and told in `Keep-Alive` |
 * | `MaxHeaderBytes`, `MaxHeaders` | 64 KiB, 127, fixed (400) | 64 KiB, 127, fixed (400) | 431 |
 * | `MaxConnections`, `MaxConnectionsPerIp` | no limit | closed | closed |
 * | `MaxRequestsPerConnection` | no limit | `connection: close` | `connection: close` |
 * | requests pipelined | unlimited, one at a time | unlimited, one at a time | 32, one at a time |
 * | missing `Host`, bare LF, doubled `Content-Length` | taken | taken | 400 |
 * | target for another host than `Host` | taken | taken | 400 |
 * | an oversized body that is refused | drained to its end | drained, closed when idle | closed after a second |
 * | a body read that stalls, once the request is answered | its memory is lost | held until the client closes | freed |
 * | `Expect: 100-continue` | answered at once | answered at once | when a handler reads the body |
 * | HTTP/2 | yes, limits fixed by the runtime | yes, limits fixed by the runtime | no |
 * | when the server stops | answers say `connection: close` during `Shutdown.WrapUpTime`; a client that asked nothing in it may lose the request it then sends | answers say `connection: close`, the quiet are closed after 150 ms | the same |
 * | once the system is out of files | listens anew | goes on | accepts no more: allow many more files than `MaxConnections` |
 * | websockets | yes, held to their limits once a message is whole | no (501) | yes, held to every limit frame by frame |
 *
 * A limit that the kind cannot hold is an error when it is set: better no server than one that only looks safe.
 * All times are met late by a quarter at most, and by two seconds at most.
 *
 * `connection` rests on an entry of the runtime that Deno has in all of 2.5 to 2.9 and does not document. Where it is
 * missing `node` takes its place, with a warning.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listen } from "@zeno/zeno/rest/listener";
 * const listener = await listen((request) => new Response(request.url), {
 *   hostname: "127.0.0.1",
 *   port: 0,
 *   listener: { Kind: "node", HeaderTimeout: 5_000, MaxConnectionsPerIp: 100 },
 * });
 * const url = `http://127.0.0.1:${listener.address.port}/hello`;
 * assertEquals(await (await fetch(url)).text(), url);
 * await listener.shutdown();
 * ```
 *
 * @module
 */

export * from "./config.ts";
export * from "./listen.ts";
export * from "./listener.ts";
export * from "./tls.ts";
