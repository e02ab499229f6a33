/**
 * The table of the commands that read `.proto` files.
 *
 * @module
 */

import { CHANGE_FLAGS } from "./change_flags.ts";
import type { Command } from "./command.ts";
import type { FlagSpec } from "./flags.ts";

const PROTO_PATH: FlagSpec = {
  type: "string",
  value: "DIR",
  letter: "I",
  repeated: true,
  about: "where imports are looked for; may be given several times (default: folders of FILE)",
};

const rpcGen: Command = {
  name: "gen",
  aliases: ["protoc"],
  about: "generate an RPC service from .proto files",
  args: ["FILE..."],
  flags: {
    dir: { type: "string", value: "DIR", about: "target folder (default: that of the first FILE)" },
    proto_path: PROTO_PATH,
    multiple: {
      type: "boolean",
      letter: "m",
      about: "a folder of logic for each service, even if there is one only",
    },
    "no-client": { type: "boolean", about: "generate no typed clients" },
    messages: { type: "boolean", about: "generate messages and clients alone, no service" },
    style: { type: "string", value: "STYLE", about: "how files are named", default: "go_zero" },
    "style-compat": { type: "boolean", about: "split names before every capital, as goctl does" },
    test: { type: "boolean", about: "scaffold tests" },
    ...CHANGE_FLAGS,
    zrpc_out: { type: "string", value: "DIR", about: "the same as --dir, as goctl calls it" },
    go_out: { type: "string", value: "DIR", about: "taken, and means nothing here" },
    "go-grpc_out": { type: "string", value: "DIR", about: "taken, and means nothing here" },
  },
  examples: [
    "zeno rpc gen greet.proto --dir .",
    "zeno rpc gen -I ../protos ../protos/shop/v1/order.proto ../protos/shop/v1/stock.proto --dir .",
    "zeno rpc gen greet.proto --dir . --check",
  ],
  load: async () => (await import("./commands/rpc_gen.ts")).rpcGenAction,
};

const rpcNew: Command = {
  name: "new",
  about: "make an RPC service that answers pings in a new folder NAME",
  args: ["NAME"],
  examples: ["zeno rpc new greet"],
  load: async () => (await import("./commands/new.ts")).rpcNewAction,
};

const rpcTemplate: Command = {
  name: "template",
  about: "write a .proto file to start from",
  args: ["[FILE]"],
  flags: { o: { type: "string", value: "FILE", about: "the same as FILE, as goctl calls it" } },
  examples: ["zeno rpc template greet.proto"],
  load: async () => (await import("./commands/rpc_template.ts")).rpcTemplateAction,
};

/** Commands for RPC services. */
export const rpc: Command = {
  name: "rpc",
  about: "services from .proto files; protoc is not needed",
  commands: [rpcNew, rpcGen, rpcTemplate],
  examples: ["zeno rpc new greet", "zeno rpc gen greet.proto --dir ."],
};

const gatewayGen: Command = {
  name: "gen",
  about: "generate a gateway, HTTP in front of the services of .proto files",
  args: ["[FILE...]"],
  flags: {
    proto: {
      type: "string",
      value: "FILE",
      repeated: true,
      about: "the same as FILE; may be given several times",
    },
    dir: {
      type: "string",
      value: "DIR",
      about: "target folder (default: gateway, beside the folder of FILE)",
    },
    target: {
      type: "string",
      value: "TARGET",
      repeated: true,
      about:
        "where the service is, as in host:port or etcd://host:port/key; one for all files, or one " +
        "for each (default: 127.0.0.1:8080)",
    },
    proto_path: PROTO_PATH,
    test: { type: "boolean", about: "scaffold a test of the routes" },
    ...CHANGE_FLAGS,
  },
  examples: [
    "zeno gateway gen greet/greet.proto --test",
    "zeno gateway gen greet/greet.proto --target etcd://127.0.0.1:2379/greet.rpc --dir edge",
    "zeno gateway gen user.proto order.proto --target 127.0.0.1:8081 --target 127.0.0.1:8082",
  ],
  load: async () => (await import("./commands/gateway_gen.ts")).gatewayGenAction,
};

/** Commands for gateways. */
export const gateway: Command = {
  name: "gateway",
  about: "HTTP in front of RPC services",
  commands: [gatewayGen],
  examples: ["zeno gateway gen greet/greet.proto --test"],
};
