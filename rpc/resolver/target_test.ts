import { assertEquals, assertThrows } from "@std/assert";
import { directTarget, etcdTarget, parseTarget, splitTarget, type Target } from "./target.ts";

const built: [string, string][] = [
  [directTarget(["localhost:123", "localhost:456"]), "direct:///localhost:123,localhost:456"],
  [
    etcdTarget(["localhost:123", "localhost:456"], "foo"),
    "etcd:///localhost:123,localhost:456?key=foo",
  ],
  [
    etcdTarget(["localhost:2379"], "/grpc/my-service"),
    "etcd:///localhost:2379?key=%2Fgrpc%2Fmy-service",
  ],
];
for (const [made, wanted] of built) {
  Deno.test(`a target is built as ${wanted}`, () => assertEquals(made, wanted));
}

const parsed: [string, Target][] = [
  ["direct:///localhost:8080,localhost:8081", {
    scheme: "direct",
    addresses: ["localhost:8080", "localhost:8081"],
  }],
  ["direct:///a:1,,b:2,", { scheme: "direct", addresses: ["a:1", "b:2"] }],
  ["direct://ignored/a:1", { scheme: "direct", addresses: ["a:1"] }],
  ["localhost:8080", { scheme: "direct", addresses: ["localhost:8080"] }],
  ["[::1]:8080", { scheme: "direct", addresses: ["[::1]:8080"] }],
  ["etcd:///localhost:2379?key=foo", { scheme: "etcd", hosts: ["localhost:2379"], key: "foo" }],
  ["etcd:///host1:2379,host2:2379,host3:2379?key=foo", {
    scheme: "etcd",
    hosts: ["host1:2379", "host2:2379", "host3:2379"],
    key: "foo",
  }],
  ["etcd:///localhost:2379?key=%2Fgrpc%2Fmy-service", {
    scheme: "etcd",
    hosts: ["localhost:2379"],
    key: "/grpc/my-service",
  }],
  ["etcd://localhost:2379/my-service", {
    scheme: "etcd",
    hosts: ["localhost:2379"],
    key: "my-service",
  }],
  ["discov://h1:2379,h2:2379//grpc/my-service/", {
    scheme: "etcd",
    hosts: ["h1:2379", "h2:2379"],
    key: "grpc/my-service",
  }],
  ["k8s://ns1/my-svc:8080", { scheme: "k8s", namespace: "ns1", service: "my-svc", port: 8080 }],
  ["k8s:///my-svc:8080", { scheme: "k8s", namespace: "default", service: "my-svc", port: 8080 }],
  ["k8s://ns1/my-svc:grpc", { scheme: "k8s", namespace: "ns1", service: "my-svc", port: "grpc" }],
  ["k8s://ns1/my-svc", { scheme: "k8s", namespace: "ns1", service: "my-svc", port: 0 }],
  ["dns:///greet.local:8080", { scheme: "dns", host: "greet.local", port: 8080 }],
  ["dns:///[::1]:8080", { scheme: "dns", host: "::1", port: 8080 }],
  ["inproc:///greet", { scheme: "inproc", name: "greet" }],
];
for (const [target, wanted] of parsed) {
  Deno.test(`parseTarget() reads ${target}`, () => assertEquals(parseTarget(target), wanted));
}

const refused: [string, string][] = [
  ["k8s://ns1/my-svc:", "need k8s://namespace/service:port"],
  ["k8s://ns1/my-svc:800a", "need k8s://namespace/service:port"],
  ["k8s://ns1:800/", "need k8s://namespace/service:port"],
  ["k8s://ns1:800/:", "need k8s://namespace/service:port"],
  ["etcd:///localhost:2379", "empty etcd key"],
  ["etcd:///?key=foo", "empty etcd hosts"],
  ["direct:///", "it has no address"],
  ["dns:///greet.local", "need host:port"],
  ["greet.local", "need host:port"],
  ["", "need host:port"],
  ["inproc:///", "it has no name"],
  ["http://localhost:80", "need direct, etcd, discov, k8s, dns or inproc before ://"],
];
for (const [target, why] of refused) {
  Deno.test(`parseTarget() refuses "${target}"`, () => {
    assertThrows(
      () => parseTarget(target),
      SyntaxError,
      `Cannot use target "${target}": ${why}`,
    );
  });
}

Deno.test("splitTarget() takes lists in the authority", () => {
  assertEquals(splitTarget("direct://a1:3000,a2:3001/x:1,y:2").authority, "a1:3000,a2:3001");
  assertEquals(splitTarget("etcd:///h:1?key=a?b").query, "key=a?b");
});
