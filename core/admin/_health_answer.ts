import type { HealthRegistry, HealthReport } from "../proc/health.ts";

/** All probes of several registries as one report: ready when there is a probe, and all are ready. */
export function combinedHealth(registries: Iterable<HealthRegistry>): HealthReport {
  const probes = Array.from(new Set(registries)).flatMap((health) => health.report().probes);
  return { ready: probes.length > 0 && probes.every(({ ready }) => ready), probes };
}

/** 200 with `body` when ready, else 503 with a line for each probe. */
export function healthAnswer({ ready, probes }: HealthReport, body: string): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  if (ready) return new Response(body, { headers });
  const lines = probes.map((probe) => `${probe.name} is ${probe.ready ? "ready" : "not ready"}\n`);
  return new Response(`Service Unavailable\n${lines.join("")}\n`, { status: 503, headers });
}
