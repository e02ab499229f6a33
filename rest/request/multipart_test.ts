import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Context } from "../context.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { multipart, type MultipartOptions } from "./multipart.ts";
import { saveTemporary } from "./temporary_file.ts";

const encoder = new TextEncoder();

interface Sent {
  body: string | Uint8Array<ArrayBuffer>;
  type?: string;
  /** Bytes in one chunk. */
  step?: number;
  options?: MultipartOptions;
}

function chunks(bytes: Uint8Array<ArrayBuffer>, step: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at += step));
    },
  });
}

/** Runs `read` as a handler on a body, and gives its answer, or status and detail of a refusal. */
async function handled(
  { body, type = "multipart/form-data; boundary=XX", step = 1_000_000 }: Sent,
  read: (context: Context) => Promise<unknown>,
): Promise<unknown> {
  const config = { Name: "test", Port: 0, MaxBytes: 0 };
  await using server = new Server(config, { log: new MemoryLog() });
  server.post("/", async (_request, context) => json(await read(context) ?? null));
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const stream = bytes.length === 0 ? null : chunks(bytes, step);
  const headers = { "content-type": type };
  const request = new Request("http://localhost/", { method: "POST", body: stream, headers });
  const response = await server.fetch(request);
  const answer = await response.json();
  return response.status === 200 ? answer : [response.status, answer.detail];
}

/** Name, filename, type and text of every part. */
function listed(sent: Sent): Promise<unknown> {
  return handled(sent, async (context) => {
    const parts = [];
    for await (const part of multipart(context, sent.options)) {
      parts.push([part.name, part.filename ?? null, part.type, await part.text()]);
    }
    return parts;
  });
}

const head = (disposition: string, ...more: string[]) =>
  [`--XX`, `Content-Disposition: form-data; ${disposition}`, ...more, "", ""].join("\r\n");
const field = (name: string, value: string) => `${head(`name="${name}"`)}${value}\r\n`;
const end = "--XX--\r\n";

const TEXT = "text/plain";
const BYTES = "application/octet-stream";

const forms: [what: string, body: string, parts: unknown[]][] = [
  ["no part", end, []],
  ["one field", field("a", "1") + end, [["a", null, TEXT, "1"]]],
  ["an empty field", field("a", "") + end, [["a", null, TEXT, ""]]],
  ["two fields of one name", field("a", "1") + field("a", "2") + end, [["a", null, TEXT, "1"], [
    "a",
    null,
    TEXT,
    "2",
  ]]],
  [
    "a file with its type",
    head(`name="f"; filename="a.png"`, "Content-Type: image/png") + "\x89PNG\r\n" + end,
    [["f", "a.png", "image/png", "\x89PNG"]],
  ],
  ["a file without a type", head(`name="f"; filename="a"`) + "x\r\n" + end, [[
    "f",
    "a",
    BYTES,
    "x",
  ]]],
  ["no file chosen", head(`name="f"; filename=""`) + "\r\n" + end, [["f", "", BYTES, ""]]],
  ["line breaks at both ends", field("a", "\r\n1\r\n") + end, [["a", null, TEXT, "\r\n1\r\n"]]],
  ["what nearly is a boundary", field("a", "\r\n--X\r\n--X-\n--XX") + end, [[
    "a",
    null,
    TEXT,
    "\r\n--X\r\n--X-\n--XX",
  ]]],
  ["a preamble and an epilogue", `hello\r\n${field("a", "1")}${end}bye\r\n--XX`, [[
    "a",
    null,
    TEXT,
    "1",
  ]]],
  ["no line break at the end", field("a", "1") + "--XX--", [["a", null, TEXT, "1"]]],
  ["spaces behind a boundary", field("a", "1").replace("--XX", "--XX \t") + end, [[
    "a",
    null,
    TEXT,
    "1",
  ]]],
  ["names in UTF-8", field("ä€", "ü") + end, [["ä€", null, TEXT, "ü"]]],
  ["names as browsers escape them", field("a%22%0D%0Ab%41", "") + end, [[
    'a"\r\nb%41',
    null,
    TEXT,
    "",
  ]]],
  ["a quote as curl escapes it", head(`name="f"; filename="a\\"b;c.txt"`) + "\r\n" + end, [[
    "f",
    `a"b;c.txt`,
    BYTES,
    "",
  ]]],
  ["a bare name", head("name=a; filename=b") + "\r\n" + end, [["a", "b", BYTES, ""]]],
  ["headers in any case", "--XX\r\ncontent-DISPOSITION:FORM-DATA;NAME=a\r\n\r\n1\r\n" + end, [[
    "a",
    null,
    TEXT,
    "1",
  ]]],
  ["a whole Windows path", head(`name="f"; filename="C:\\dir\\a.txt"`) + "\r\n" + end, [[
    "f",
    "a.txt",
    BYTES,
    "",
  ]]],
  ["a path that climbs", head(`name="f"; filename="../../etc/passwd"`) + "\r\n" + end, [[
    "f",
    "passwd",
    BYTES,
    "",
  ]]],
  ["a hidden control character", head(`name="f"; filename="a%0Ab"`) + "\r\n" + end, [[
    "f",
    "ab",
    BYTES,
    "",
  ]]],
  ["the first of two names", head(`name="a"; name="b"`) + "\r\n" + end, [["a", null, TEXT, ""]]],
  ["a name of Object.prototype", field("__proto__", "x") + end, [["__proto__", null, TEXT, "x"]]],
];

for (const [what, body, parts] of forms) {
  Deno.test(`multipart() reads ${what}, however it is cut`, async () => {
    for (const step of [1, 2, 3, 7, 1000]) assertEquals(await listed({ body, step }), parts);
  });
}

Deno.test("multipart() reads what FormData writes", async () => {
  const data = new FormData();
  data.append("a", "1");
  data.append("f", new File(["x".repeat(1000)], "näme.txt", { type: "text/x" }));
  const request = new Request("http://localhost/", { method: "POST", body: data });
  const type = request.headers.get("content-type")!;
  const body = new Uint8Array(await request.arrayBuffer());
  const parts = [["a", null, TEXT, "1"], ["f", "näme.txt", "text/x", "x".repeat(1000)]];
  for (const step of [1, 100, 10_000]) assertEquals(await listed({ body, type, step }), parts);
});

const types: [type: string, accepted: boolean | number][] = [
  ["multipart/form-data; boundary=XX", true],
  ['Multipart/Form-Data;charset=utf-8;Boundary="XX"', true],
  ["multipart/form-data", 400],
  ["multipart/form-data; boundary=", 400],
  ['multipart/form-data; boundary="a b "', 400],
  [`multipart/form-data; boundary=${"X".repeat(71)}`, 400],
  ["multipart/form-data; boundary=<>", 400],
  ["multipart/mixed; boundary=XX", 415],
  ["text/plain", 415],
];

for (const [type, accepted] of types) {
  Deno.test(`multipart() answers ${accepted === true ? 200 : accepted} to ${type}`, async () => {
    const result = await listed({ body: field("a", "1") + end, type }) as unknown[];
    if (accepted === true) assertEquals(result, [["a", null, TEXT, "1"]]);
    else assertEquals(result[0], accepted);
  });
}

const one = field("a", "1");

const refused: [what: string, sent: Sent, status: number, detail: string][] = [
  ["no body", { body: "" }, 400, "there is no body"],
  ["another boundary", { body: "--YY\r\n\r\n--YY--" }, 400, "the body breaks off"],
  ["what breaks off in a part", { body: one }, 400, "the body breaks off"],
  ["what breaks off in a header", { body: "--XX\r\nContent-Dis" }, 400, "the body breaks off"],
  ["what breaks off at a boundary", { body: one + "--XX" }, 400, "the body breaks off"],
  [
    "text behind a boundary",
    { body: one + "--XXX\r\n" },
    400,
    "something stands behind a boundary",
  ],
  ["a part without headers", { body: "--XX\r\n\r\n1\r\n" + end }, 400, "a part has no name"],
  ["a part without a name", { body: head("filename=a") + "\r\n" + end }, 400, "a part has no name"],
  [
    "an attachment",
    { body: one.replace("form-data", "attachment") + end },
    400,
    "a part has no name",
  ],
  [
    "a header without a colon",
    { body: one.replace("Content-Disposition:", "Content ") + end },
    400,
    "header is malformed",
  ],
  ["a folded header", { body: one.replace("; ", ";\r\n ") + end }, 400, "header is malformed"],
  [
    "a bare line feed in a header",
    { body: one.replace("; ", ";\n") + end },
    400,
    "header is malformed",
  ],
  ["a NUL in a header", { body: one.replace("; ", ";\0") + end }, 400, "header is malformed"],
  [
    "a header that comes twice",
    { body: one.replace("\r\n\r\n", "\r\ncontent-disposition: x\r\n\r\n") + end },
    400,
    "header is malformed",
  ],
  ["too many parts", { body: one.repeat(257) + end }, 413, "more than 256 parts"],
  ["10,000 empty parts", { body: field("a", "").repeat(10_000) + end }, 413, "more than 256 parts"],
  [
    "a header that is too large",
    { body: field("a".repeat(9000), "") + end },
    413,
    "a part's header exceeds 8192 bytes",
  ],
  [
    "a header that never ends",
    { body: "--XX\r\n" + "a: b\r\n".repeat(100_000), step: 1000 },
    413,
    "header exceeds 8192 bytes",
  ],
  [
    "padding that never ends",
    { body: "--XX" + " ".repeat(100_000), step: 1000 },
    413,
    "header exceeds 8192 bytes",
  ],
  [
    "a part that is too large",
    { body: field("a", "12345") + end, options: { maxPartBytes: 4 } },
    413,
    "larger than 4 bytes",
  ],
  [
    "a preamble that is too large",
    { body: "12345\r\n" + one + end, options: { maxPartBytes: 4 } },
    413,
    "larger than 4 bytes",
  ],
  [
    "a form that is too large",
    { body: one.repeat(9) + end, options: { maxTotalBytes: 200 }, step: 100 },
    413,
    "larger than 200 bytes",
  ],
  [
    "an endless epilogue",
    { body: one + end + "x".repeat(5000), options: { maxTotalBytes: 1000 }, step: 100 },
    413,
    "larger than 1000 bytes",
  ],
  [
    "a field too large for a text",
    { body: field("a", "x".repeat(1_048_577)) + end },
    413,
    "larger than 1048576 bytes",
  ],
];

for (const [what, sent, status, detail] of refused) {
  Deno.test(`multipart() answers ${status} to ${what}`, async () => {
    const [gotStatus, gotDetail] = await listed(sent) as [number, string];
    assertEquals(gotStatus, status);
    assert(gotDetail.startsWith("Cannot read ") && gotDetail.endsWith(detail), gotDetail);
  });
}

for (const name of ["maxParts", "maxHeaderBytes", "maxPartBytes", "maxTotalBytes"]) {
  for (const limit of [0, -1, NaN]) {
    Deno.test(`multipart() refuses ${name} ${limit}`, () => {
      assertThrows(() => multipart({} as Context, { [name]: limit }), RangeError, `need ${name}`);
    });
  }
}

Deno.test("multipart() skips what is left unread of a part", async () => {
  const body = field("a", "x".repeat(5000)) + field("b", "y".repeat(5000)) + field("c", "z") + end;
  const seen = await handled({ body, step: 100 }, async (context) => {
    const names = [];
    for await (const part of multipart(context)) {
      names.push(part.name);
      if (part.name !== "b") continue;
      const reader = part.body.getReader();
      await reader.read(); // And no further.
    }
    return names;
  });
  assertEquals(seen, ["a", "b", "c"]);
});

Deno.test("multipart() does not give one part's bytes for another's", async () => {
  await handled({ body: field("a", "1") + field("b", "2") + end, step: 5 }, async (context) => {
    const parts = multipart(context);
    const first = (await parts.next()).value!;
    const second = (await parts.next()).value!;
    await assertRejects(() => first.text(), TypeError, 'part "a": the next one was asked for');
    assertEquals(await second.text(), "2");
    await parts.return();
  });
});

Deno.test("multipart() may be left half way", async () => {
  const seen = await handled(
    { body: field("a", "1") + field("b", "2") + end, step: 5 },
    async (context) => {
      for await (const part of multipart(context)) return await part.text();
    },
  );
  assertEquals(seen, "1");
});

Deno.test("multipart() holds a chunk, not a file", async () => {
  const chunk = encoder.encode("0123456789abcde\n".repeat(4096));
  const count = 2000; // 128 MiB
  let given = 0;
  let mostAhead = 0;
  let read = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (given === 0) controller.enqueue(encoder.encode(head(`name="f"; filename="big"`)));
      else if (given <= count) controller.enqueue(chunk);
      else {
        controller.enqueue(encoder.encode("\r\n" + end));
        controller.close();
      }
      given++;
      mostAhead = Math.max(mostAhead, given * chunk.length - read);
    },
  }, { highWaterMark: 0 });
  const config = { Name: "test", Port: 0, MaxBytes: 0, Timeout: 0 };
  await using server = new Server(config, { log: new MemoryLog() });
  server.post("/", async (_request, context) => {
    for await (const part of multipart(context, { maxTotalBytes: 1e9 })) {
      for await (const bytes of part.body) read += bytes.length;
    }
    return json(read);
  });
  const headers = { "content-type": "multipart/form-data; boundary=XX" };
  const request = new Request("http://localhost/", { method: "POST", body, headers });
  assertEquals(await (await server.fetch(request)).json(), count * chunk.length);
  assert(mostAhead <= 5 * chunk.length, `${mostAhead} bytes were read ahead`);
});

Deno.test("multipart() of random bytes ends, and never with 500", async () => {
  const seed = 20_240_607;
  let state = seed;
  const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  const pieces = [
    "--XX",
    "\r\n",
    "--",
    ":",
    ";",
    "a",
    "\0",
    '"',
    "Content-Disposition: form-data; name=a",
    "\n",
  ];
  for (let run = 0; run < 300; run++) {
    const body = Array.from({ length: 1 + random(30) }, () => pieces[random(pieces.length)]).join(
      "",
    );
    const result = await listed({ body, step: 1 + random(20) }) as unknown[];
    assert(result[0] !== 500, `seed ${seed}, run ${run}: ${JSON.stringify(body)}`);
  }
});

Deno.test("saveTemporary() saves a file, gives it back and deletes it", async () => {
  const directory = await Deno.makeTempDir();
  const content = "x".repeat(200_000);
  const body = head(`name="f"; filename="../a.txt"`, "Content-Type: text/x") + content + "\r\n" +
    end;
  await handled({ body, step: 5000 }, async (context) => {
    for await (const part of multipart(context)) {
      await using file = await saveTemporary(part, { directory });
      assertEquals([file.size, file.filename, file.type], [200_000, "a.txt", "text/x"]);
      assertEquals(file.path.startsWith(directory + "/upload-"), true);
      assertEquals((await Deno.stat(file.path)).mode! & 0o077, 0);
      assertEquals(await new Response(await file.readable()).text(), content);
    }
    return undefined;
  });
  assertEquals(Array.from(Deno.readDirSync(directory)), []);
  await Deno.remove(directory);
});

Deno.test("saveTemporary() leaves nothing behind when it fails", async () => {
  const directory = await Deno.makeTempDir();
  const save = (sent: Sent, maxBytes?: number) =>
    handled(sent, async (context) => {
      for await (const part of multipart(context)) {
        await saveTemporary(part, { directory, maxBytes });
      }
    });
  const large = await save({ body: field("a", "12345") + end }, 4) as unknown[];
  const broken = await save({ body: field("a", "12345") }) as unknown[];
  assertEquals([large[0], broken[0]], [413, 400]);
  assertEquals(Array.from(Deno.readDirSync(directory)), []);
  await Deno.remove(directory);
});

Deno.test("TemporaryFile.moveTo() keeps the file, and disposing twice is fine", async () => {
  const directory = await Deno.makeTempDir();
  const body = new Blob(["kept"]).stream();
  const file = await saveTemporary({ body, filename: "a", type: TEXT }, { directory });
  await file.moveTo(`${directory}/kept.txt`);
  await file[Symbol.asyncDispose]();
  await file[Symbol.asyncDispose]();
  assertEquals(await Deno.readTextFile(`${directory}/kept.txt`), "kept");
  await Deno.remove(directory, { recursive: true });
});
