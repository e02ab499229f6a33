import type { ObjectSchema } from "@zeno/zeno/core/schema";
import type { GenConfig } from "./config.gen.ts";
import { genConfig } from "./config.gen.ts";

/** Configuration of the service. */
export interface Config extends GenConfig {
  // Your own settings, and below how they are read:
  // readonly Greeting: string;
}

/** Reads and checks a {@link Config}. */
export const configSchema: ObjectSchema<Config> = genConfig;
// export const configSchema: ObjectSchema<Config> = object({
//   ...genConfig.fields,
//   Greeting: string().default("Hello"),
// });
