/**
 * The table of all commands.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { CHANGE_FLAGS } from "./change_flags.ts";
import type { FlagTable } from "./flags.ts";
import { TEMPLATE_NAMES } from "./templates.ts";
import { gateway, rpc } from "./rpc_commands.ts";

const COMPAT: FlagTable = {
  compat: { type: "boolean", about: "take what go-zero's older parser took, with warnings" },
};

const validate: Command = {
  name: "validate",
  aliases: ["check"],
  about: "check an .api file and everything it imports",
  args: ["FILE"],
  flags: { ...COMPAT, strict: { type: "boolean", about: "treat warnings as errors" } },
  examples: ["zeno api validate greet.api", "zeno api validate --strict --json greet.api"],
  load: async () => (await import("./commands/api_validate.ts")).validateAction,
};

const format: Command = {
  name: "format",
  aliases: ["fmt"],
  about: "format .api files in place",
  args: ["[FILE|DIR]"],
  flags: {
    ...COMPAT,
    check: {
      type: "boolean",
      about: "write nothing, show the differences, exit 1 if there are any",
    },
    stdin: { type: "boolean", about: "read from standard input, write to standard output" },
    write: { type: "boolean", about: "write the files; this is what happens anyway" },
  },
  examples: [
    "zeno api format greet.api",
    "zeno api format --check api/",
    "zeno api format --stdin < greet.api",
  ],
  load: async () => (await import("./commands/api_format.ts")).formatAction,
};

const gen: Command = {
  name: "gen",
  aliases: ["ts-server"],
  about: "generate a REST service from an .api file",
  args: ["FILE"],
  flags: {
    ...COMPAT,
    dir: { type: "string", value: "DIR", about: "target folder (default: that of FILE)" },
    style: { type: "string", value: "STYLE", about: "how files are named", default: "go_zero" },
    "style-compat": { type: "boolean", about: "split names before every capital, as goctl does" },
    "type-group": { type: "boolean", about: "give types of one group only a file of that group" },
    test: { type: "boolean", about: "scaffold tests" },
    handlers: { type: "boolean", about: "scaffold a handler file a route" },
    int64: {
      type: "string",
      value: "TYPE",
      about: "how 64-bit integers read",
      choices: ["number", "bigint", "string"],
      default: "number",
    },
    ...CHANGE_FLAGS,
  },
  examples: [
    "zeno api gen greet.api --dir .",
    "zeno api gen greet.api --dir . --check",
    "zeno api gen greet.api --dir . --force-once '*_middleware.ts'",
  ],
  load: async () => (await import("./commands/api_gen.ts")).genAction,
};

const apiNew: Command = {
  name: "new",
  about: "make a greeting service in a new folder NAME",
  args: ["NAME"],
  examples: ["zeno api new greet"],
  load: async () => (await import("./commands/new.ts")).apiNewAction,
};

const api: Command = {
  name: "api",
  about: "services from .api files",
  commands: [validate, format, gen, apiNew],
  examples: ["zeno api validate greet.api", "zeno api gen greet.api --dir ."],
};

const newCommand: Command = {
  name: "new",
  about: "make a service, or a workspace of several, in a new folder",
  args: ["DIR"],
  flags: {
    template: {
      type: "string",
      value: "NAME",
      about: "what to start from; monorepo is a gateway before two RPC services",
      choices: TEMPLATE_NAMES,
      default: "rest",
    },
  },
  examples: ["zeno new greet", "zeno new ../shop --template monorepo"],
  load: async () => (await import("./commands/new.ts")).newAction,
};

const env: Command = {
  name: "env",
  about: "tell what Zeno finds on this machine",
  examples: ["zeno env", "zeno env --json"],
  load: async () => (await import("./commands/env.ts")).envAction,
};

/** The root of all commands. */
export const ROOT: Command = {
  name: "zeno",
  about: "build and run services",
  commands: [newCommand, api, rpc, gateway, env],
  flags: { version: { type: "boolean", letter: "v", about: "show the version" } },
  examples: ["zeno new greet", "zeno api gen greet.api --dir .", "zeno env"],
};
