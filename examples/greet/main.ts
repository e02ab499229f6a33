import { loadConfig } from "@zeno/zeno/core/conf";
import { runService, Server } from "@zeno/zeno/rest";
import { parseArgs } from "node:util";
import { configSchema } from "./internal/config/config.ts";
import { registerRoutes } from "./internal/handler/routes.gen.ts";
import { ServiceContext } from "./internal/svc/service_context.ts";

const file = { type: "string", short: "f", default: "etc/greet.yaml" } as const;
const { values } = parseArgs({ options: { file } });

const config = await loadConfig(configSchema, values.file, { env: true });
const server = new Server(config);
registerRoutes(server, new ServiceContext(config));
await runService(server);
