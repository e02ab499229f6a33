import { TokenBucketLimiter } from "../../core/limit/token_bucket_limiter.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { authorize } from "../jwt/authorize.ts";
import { signToken } from "../jwt/token.ts";
import type { Middleware } from "../handler.ts";
import { Server } from "../server.ts";
import { cors } from "./cors.ts";
import { csrf } from "./csrf.ts";
import { messageSignature } from "./message_signature/middleware.ts";
import { MessageSigningKey, MessageVerifyingKey } from "./message_signature/algorithm.ts";
import { signMessage } from "./message_signature/sign.ts";
import { byAddress } from "./rate_limit_key.ts";
import { rateLimit } from "./rate_limit.ts";
import { secureHeaders } from "./secure_headers.ts";

const SECRET = "a secret of at least thirty-two characters";
const info = { remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 4711 } };
const layers = { Log: false };

function serverWith(...middleware: Middleware[]): Server {
  const server = new Server({ Name: "bench", Port: 0 }, { log: new MemoryLog() });
  return server.get("/", () => new Response("hi"), { middleware, layers });
}

function bench(name: string, server: Server, headers?: HeadersInit, baseline = false): void {
  const request = new Request("http://a.example/", { headers });
  Deno.bench({ name, group: "a request", baseline }, async () => {
    await server.fetch(request, info);
  });
}

const limiter = new TokenBucketLimiter({ ratePerSecond: 1e9, burst: 1e9 });
const trustedProxies = ["10.0.0.0/8"];
const key = { id: "k", algorithm: "hmac-sha256", secret: new Uint8Array(32) } as const;
const components = ["@method", "@authority", "@path", "@query"];
const signed = await signMessage(new Request("http://a.example/"), {
  key: new MessageSigningKey(key),
  components,
});

bench("bare", serverWith(), undefined, true);
bench("secureHeaders()", serverWith(secureHeaders()));
bench("cors()", serverWith(cors({ origins: ["example.com"] })), {
  origin: "https://a.example.com",
});
bench("authorize() with HS256", serverWith(authorize({ secret: SECRET })), {
  authorization: `Bearer ${signToken({ sub: "7", exp: 4102444800 }, SECRET)}`,
});
bench("rateLimit() by address", serverWith(rateLimit({ limiter, key: byAddress() })));
bench(
  "rateLimit() behind a proxy",
  serverWith(rateLimit({ limiter, key: byAddress({ trustedProxies }) })),
  { "x-forwarded-for": "203.0.113.9, 10.0.0.2" },
);
bench("csrf() of a GET with cookie", serverWith(csrf({ secret: SECRET })), {
  cookie: `__Host-csrf=${"x".repeat(76)}`,
});
bench(
  "messageSignature() with HMAC",
  serverWith(messageSignature({ keys: [new MessageVerifyingKey(key)], replay: false })),
  signed.headers,
);
