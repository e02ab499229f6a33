// A receiver of OTLP over HTTP in a process of its own. It reads requests with the protocol buffers that
// OpenTelemetry publishes, which know nothing of this project, and prints what it read.
//
// Prints the port in the first line, then one line of JSON for each request: `{ path, type, headers, spans }`
// or `{ path, type, fault }`.

import root from "npm:@opentelemetry/otlp-transformer@0.57.2/build/src/generated/root.js";

// Its types are those of whichever version of protobufjs is resolved, and most do not know what was generated.
const { ExportTraceServiceRequest, ExportTraceServiceResponse } =
  Object(root).opentelemetry.proto.collector.trace.v1;

/** In OTLP's JSON ids are hex, where protocol buffers have bytes. */
function withBytes(span: Record<string, unknown>): Record<string, unknown> {
  const ids = ["traceId", "spanId", "parentSpanId"].filter((name) => name in span);
  const links = (span.links as Record<string, unknown>[] | undefined)?.map(withBytes);
  return {
    ...span,
    ...Object.fromEntries(ids.map((name) => [name, Uint8Array.fromHex(String(span[name]))])),
    ...(links ? { links } : {}),
  };
}

function fromJson(body: any): unknown {
  const request = {
    resourceSpans: body.resourceSpans.map((resource: any) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scoped: any) => ({
        ...scoped,
        spans: scoped.spans.map(withBytes),
      })),
    })),
  };
  // As protocol buffers on the wire and back: what does not fit in them would be lost or throw.
  return ExportTraceServiceRequest.decode(
    ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(request)).finish(),
  );
}

function spansOf(message: any): unknown[] {
  const fault = ExportTraceServiceRequest.verify(message);
  if (fault) throw new TypeError(fault);
  const plain = ExportTraceServiceRequest.toObject(message, { longs: String, bytes: Array });
  return plain.resourceSpans.flatMap((resource: any) =>
    resource.scopeSpans.flatMap((scoped: any) =>
      (scoped.spans ?? []).map((span: any) => ({
        ...span,
        traceId: Uint8Array.from(span.traceId).toHex(),
        spanId: Uint8Array.from(span.spanId).toHex(),
        parentSpanId: Uint8Array.from(span.parentSpanId ?? []).toHex(),
        scope: scoped.scope?.name,
        resource: resource.resource?.attributes ?? [],
      }))
    )
  );
}

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
  const path = new URL(request.url).pathname;
  const type = request.headers.get("content-type");
  if (path !== "/v1/traces") return new Response(); // Logs and metrics of the runtime.
  const head = { path, type, headers: Object.fromEntries(request.headers) };
  try {
    const message = type === "application/json"
      ? fromJson(await request.json())
      : ExportTraceServiceRequest.decode(new Uint8Array(await request.arrayBuffer()));
    console.log(JSON.stringify({ ...head, spans: spansOf(message) }));
  } catch (error) {
    console.log(JSON.stringify({ ...head, fault: String(error) }));
    return new Response(null, { status: 400 });
  }
  if (type === "application/json") return Response.json({});
  return new Response(ExportTraceServiceResponse.encode({}).finish(), {
    headers: { "content-type": "application/x-protobuf" },
  });
});
console.log(server.addr.port);
