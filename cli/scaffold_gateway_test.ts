/**
 * Runs generated gateways. Each test starts several processes, so there are few.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../core/testing/eventually.ts";
import { provisionEtcd } from "../core/testing/provision_etcd.ts";
import { main } from "./main.ts";
import { edit, uncomment } from "./testing/edit_file.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { startService } from "./testing/running_service.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

async function zeno(...words: string[]): Promise<void> {
  const terminal = new MemoryTerminal();
  assertEquals(await main(words, terminal), 0, terminal.err.join("\n"));
}

async function assertSucceeds(dir: string, ...args: string[]): Promise<string> {
  const { code, output } = await runDeno(dir, ...args);
  assertEquals(code, 0, output);
  return output;
}

async function ask(url: string, path: string, body: string): Promise<[number, unknown]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body });
  return [response.status, await response.json()];
}

Deno.test("a service of rpc new is called by HTTP through a generated gateway", () =>
  inTempFolder(async (dir) => {
    await zeno("rpc", "new", `${dir}/greet`);
    await zeno("gateway", "gen", `${dir}/greet/greet.proto`, "--dir", `${dir}/gateway`, "--test");
    await assertSucceeds(`${dir}/gateway`, "task", "check");
    assertStringIncludes(await assertSucceeds(`${dir}/gateway`, "task", "test"), "1 passed");
    await assertSucceeds(`${dir}/gateway`, "task", "gen", "--check");

    await edit(`${dir}/greet/etc/greet.yaml`, "0.0.0.0:8080", "127.0.0.1:0");
    await using service = await startService(`${dir}/greet`);
    const yaml = `${dir}/gateway/etc/gateway.yaml`;
    await edit(yaml, "127.0.0.1:8080", service.url.slice("http://".length));
    await edit(yaml, "Port: 8888", "Port: 0");
    await using gateway = await startService(`${dir}/gateway`);
    const answer: [number, unknown] = [200, { pong: "hello" }];
    assertEquals(await ask(gateway.url, "/greet/greet/ping", '{"ping":"hello"}'), answer);
    assertEquals(await ask(gateway.url, "/greet.Greet/Ping", '{"ping":"hello"}'), answer);
    await service.stop();
    assertEquals((await ask(gateway.url, "/greet/greet/ping", "{}"))[0], 503);
    assertEquals(await gateway.stop(), 0);
  }));

Deno.test("a gateway finds a service by its key in etcd, once its yaml file says so", () =>
  inTempFolder(async (dir) => {
    await using etcd = await provisionEtcd();
    await zeno("rpc", "new", `${dir}/greet`);
    await zeno("gateway", "gen", `${dir}/greet/greet.proto`, "--dir", `${dir}/gateway`);
    const yaml = `${dir}/gateway/etc/gateway.yaml`;
    await uncomment(yaml, "Etcd");
    await edit(yaml, /^ +Endpoints:\n.*\n/m, "");
    await edit(yaml, "127.0.0.1:2379", etcd.host);
    await edit(yaml, "Port: 8888", "Port: 0");
    await edit(`${dir}/greet/etc/greet.yaml`, "0.0.0.0:8080", "127.0.0.1:0");
    await uncomment(`${dir}/greet/etc/greet.yaml`, "Etcd");
    await edit(`${dir}/greet/etc/greet.yaml`, "127.0.0.1:2379", etcd.host);
    // The gateway first: it waits for nobody.
    await using gateway = await startService(`${dir}/gateway`);
    await using _service = await startService(`${dir}/greet`);
    const call = () => ask(gateway.url, "/greet/greet/ping", '{"ping":"found"}');
    await eventually("the service", async () => (await call())[0] === 200);
    assertEquals(await call(), [200, { pong: "found" }]);
  }));

const KINDS = `syntax = "proto3";

package kinds;

import "google/api/annotations.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

enum Color {
  COLOR_UNSPECIFIED = 0;
  RED = 1;
}

message All {
  string text = 1;
  int64 long = 2;
  bool flag = 3;
  bytes data = 4;
  Color color = 5;
  double ratio = 6;
  google.protobuf.Timestamp time = 7;
  google.protobuf.Int64Value boxed = 8;
  repeated string list = 9;
  map<string, int32> map = 10;
  All inner = 11;
  google.protobuf.BoolValue maybe = 12;
  google.protobuf.ListValue values = 13;
}

service Kinds {
  rpc Path(All) returns (All) {
    option (google.api.http).get = "/p/{text}/{long}/{flag}/{data}/{color}/{ratio}/{time}/{boxed}/{maybe}/{inner.text}";
  }
  rpc Pattern(All) returns (All) {
    option (google.api.http).get = "/v1/{text=shelves/*/books/**}";
  }
  rpc Verb(All) returns (All) {
    option (google.api.http) = { post: "/v1/{text}:archive" body: "*" };
  }
  rpc Text(All) returns (All) {
    option (google.api.http) = {
      put: "/body/text" body: "text"
      additional_bindings { patch: "/body/long" body: "long" }
      additional_bindings { put: "/body/flag" body: "flag" }
      additional_bindings { put: "/body/data" body: "data" }
      additional_bindings { put: "/body/color" body: "color" }
      additional_bindings { put: "/body/time" body: "time" }
      additional_bindings { put: "/body/boxed" body: "boxed" }
      additional_bindings { put: "/body/list" body: "list" }
      additional_bindings { put: "/body/map" body: "map" }
      additional_bindings { put: "/body/inner" body: "inner" }
      additional_bindings { put: "/body/maybe" body: "maybe" }
      additional_bindings { put: "/body/values" body: "values" }
      additional_bindings { custom { kind: "*" path: "/any" } body: "*" }
      additional_bindings { custom { kind: "LIST" path: "/list" } }
    };
  }
  rpc Down(All) returns (stream All) {
    option (google.api.http).get = "/down";
  }
  rpc Up(stream All) returns (All) {
    option (google.api.http) = { post: "/up" body: "*" };
  }
  rpc Both(stream All) returns (stream All) {
    option (google.api.http) = { post: "/both" body: "*" };
  }
}
`;

Deno.test("a gateway of every kind of route and method passes fmt, lint, check and its tests", () =>
  inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/kinds.proto`, KINDS);
    await zeno("gateway", "gen", `${dir}/kinds.proto`, "--dir", `${dir}/edge`, "--test");
    await assertSucceeds(`${dir}/edge`, "task", "check");
    assertStringIncludes(await assertSucceeds(`${dir}/edge`, "task", "test"), "20 passed");
  }));
