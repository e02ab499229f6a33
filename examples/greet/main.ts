import { configFile, loadConfig } from "@zeno/zeno/core/conf";
import { runService, Server } from "@zeno/zeno/rest";
import { configSchema } from "./internal/config/config.ts";
import { registerRoutes } from "./internal/handler/routes.gen.ts";
import { ServiceContext } from "./internal/svc/service_context.ts";

await runService(async () => {
  const path = configFile("etc/greet.yaml");
  const config = await loadConfig(configSchema, path, { env: true });
  const server = new Server(config, { configSchema });
  registerRoutes(server, new ServiceContext(config));
  return server;
});
