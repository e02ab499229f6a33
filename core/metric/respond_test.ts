import { assertEquals } from "@std/assert";
import { OPEN_METRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE } from "./exposition.ts";
import { MetricRegistry } from "./registry.ts";
import { metricsResponse, prefersOpenMetrics } from "./respond.ts";

const OPEN = "application/openmetrics-text";
const accepts: [accept: string | null, open: boolean][] = [
  [null, false],
  ["", false],
  ["*/*", false],
  ["text/html", false],
  [OPEN, true],
  [`${OPEN};version=1.0.0`, true],
  [`${OPEN}; version=0.0.1`, false],
  [
    `${OPEN};version=1.0.0;q=0.75,${OPEN};version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.25`,
    true,
  ],
  [`text/plain;version=0.0.4;q=0.9, ${OPEN};q=0.3`, false],
  [`${OPEN.toUpperCase()};Q=1`, true],
  [`${OPEN};q=0`, false],
  [`${OPEN};q=none`, false],
];

for (const [accept, open] of accepts) {
  Deno.test(`prefersOpenMetrics() of ${JSON.stringify(accept)} is ${open}`, () => {
    assertEquals(prefersOpenMetrics(accept), open);
  });
}

function registry(): MetricRegistry {
  const result = new MetricRegistry();
  result.counter({ name: "a_total" }).inc();
  return result;
}

const answers = [
  { accept: "text/plain", type: TEXT_CONTENT_TYPE, body: "# TYPE a_total counter\na_total 1\n" },
  { accept: OPEN, type: OPEN_METRICS_CONTENT_TYPE, body: "# TYPE a counter\na_total 1\n# EOF\n" },
];

for (const { accept, type, body } of answers) {
  Deno.test(`metricsResponse() answers ${accept} with ${type}`, async () => {
    const request = new Request("http://localhost/metrics", { headers: { accept } });
    const response = metricsResponse(registry(), request);
    assertEquals(response.headers.get("content-type"), type);
    assertEquals(await response.text(), body);
  });
}

Deno.test("metricsResponse() answers HEAD without a body and refuses other methods", async () => {
  const head = metricsResponse(registry(), new Request("http://localhost/", { method: "HEAD" }));
  assertEquals([head.status, await head.text()], [200, ""]);
  const post = metricsResponse(registry(), new Request("http://localhost/", { method: "POST" }));
  assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});
