import type { Context } from "../context.ts";
import { multipart } from "./multipart.ts";

const file = new Uint8Array(8 * 1024 * 1024);
for (let at = 0; at < file.length; at += 65_536) {
  crypto.getRandomValues(file.subarray(at, at + 65_536));
}
const form = new FormData();
form.append("name", "value");
form.append("file", new File([file], "file.bin"));
const sample = new Request("http://localhost/", { method: "POST", body: form });
const headers = { "content-type": sample.headers.get("content-type")! };
const bytes = new Uint8Array(await sample.arrayBuffer());

/** The body in pieces of 64 KiB, as a socket gives it. */
function request(): Request {
  let at = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at += 65_536));
    },
  }, { highWaterMark: 0 });
  return new Request("http://localhost/", { method: "POST", body, headers });
}

const group = "a form of 8 MiB";

Deno.bench({ name: "Request.formData()", group, baseline: true }, async () => {
  await request().formData();
});

Deno.bench({ name: "multipart()", group }, async () => {
  // Of a context it takes the request and tells when it reads.
  const context: Pick<Context, "request" | "readingBody"> = {
    request: request(),
    readingBody: false,
  };
  for await (const part of multipart(context as Context)) {
    for await (const _chunk of part.body);
  }
});
