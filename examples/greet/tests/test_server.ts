import { parseConfig } from "@zeno/zeno/core/conf";
import { Server } from "@zeno/zeno/rest";
import { configSchema } from "../internal/config/config.ts";
import { registerRoutes } from "../internal/handler/routes.gen.ts";
import { ServiceContext } from "../internal/svc/service_context.ts";

const CONFIG = {
  Name: "greet",
  Host: "127.0.0.1",
  Port: 0,
  Log: {
    Level: "severe",
  },
};

/** The server of this service, which does not listen yet. */
export function testServer(): Server {
  const config = parseConfig(configSchema, JSON.stringify(CONFIG), "json");
  const server = new Server(config);
  registerRoutes(server, new ServiceContext(config));
  return server;
}
