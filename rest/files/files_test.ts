/** Tests of static files, over directories and memory. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { contentTypeOf } from "./content_type.ts";
import { directory } from "./directory.ts";
import { fileResponse } from "./file_response.ts";
import { memoryFiles } from "./memory.ts";
import { weighPreconditions } from "./preconditions.ts";
import { type ByteRange, parseRange } from "./range.ts";
import { fileHandler, serveFiles, type ServeFilesOptions } from "./serve_files.ts";
import type { FileSource } from "./source.ts";

const CONTENT = {
  "index.html": "<p>root</p>",
  "example.txt": "0123456789",
  "nested/index.html": "<p>nested</p>",
  "bare/f.txt": "f",
  "bare/javascript:alert(1)": "",
  "a b/ü.txt": "spaces",
  ".env": "SECRET=hunter2",
  ".git/config": "hunter2",
  "app.js": "console.log(1)",
  "app.js.br": "brotli",
  "app.js.gz": "gzip",
};

/** A folder on disk with the content above, beside a secret that is out of bounds. */
class Tree implements AsyncDisposable {
  readonly top = Deno.makeTempDirSync();
  readonly root = `${this.top}/public`;

  constructor() {
    Deno.writeTextFileSync(`${this.top}/secret.txt`, "hunter2");
    Deno.mkdirSync(`${this.top}/public-other`);
    Deno.writeTextFileSync(`${this.top}/public-other/secret.txt`, "hunter2");
    for (const [path, text] of Object.entries(CONTENT)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = `${this.root}/${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(file, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.top, { recursive: true });
  }
}

function serverOf(source: FileSource, options: ServeFilesOptions = {}): Server {
  return new Server({ Name: "test", Host: "127.0.0.1", Port: 0 }, {
    log: new MemoryLog(),
    notFound: fileHandler(source, { prefix: "/static", ...options }),
  });
}

async function ask(
  source: FileSource,
  path: string,
  init: RequestInit = {},
  options: ServeFilesOptions = {},
): Promise<Response> {
  await using server = serverOf(source, options);
  return await server.fetch(new Request("http://localhost" + path, init));
}

const vectors: [path: string, status: number, answer: string][] = [
  ["/static/example.txt", 200, "0123456789"],
  ["/static/example.txt?x=1", 200, "0123456789"],
  ["/static//example.txt", 200, "0123456789"],
  ["/static/nested/../example.txt", 200, "0123456789"],
  ["/static/ex%61mple.txt", 200, "0123456789"],
  ["/static", 404, ""],
  ["/static?x", 404, ""],
  ["/static/", 200, "<p>root</p>"],
  ["/static/?x", 200, "<p>root</p>"],
  ["/static/nested", 301, "nested/"],
  ["/static/nested?a=/", 301, "nested/?a=/"],
  ["/static/nested/", 200, "<p>nested</p>"],
  ["/static/nested/index.html", 301, "./"],
  ["/static/index.html?a=b", 301, "./?a=b"],
  ["/static/bare/", 404, ""],
  ["/static/bare", 301, "bare/"],
  ["/static/example.txt/", 301, "../example.txt"],
  ["/static/a%20b/%C3%BC.txt", 200, "spaces"],
  ["/static/a%20b", 301, "a%20b/"],
  ["/static/bare/javascript:alert(1)/", 301, "../javascript%3Aalert(1)"],
  ["/static/nope", 404, ""],
  ["/static/../x", 404, ""],
  ["/static/example.txt/x", 404, ""],
  ["/staticexample.txt", 404, ""],
  ["/static/.env", 404, ""],
  ["/static/.git/config", 404, ""],
  ["/static/.git", 404, ""],
  ["/static/" + "x".repeat(5000), 404, ""],
];

for (const kind of ["directory", "memory"] as const) {
  for (const [path, status, answer] of vectors) {
    Deno.test(`fileHandler() answers ${status} for ${path.slice(0, 60)} of a ${kind}`, async () => {
      await using tree = new Tree();
      const source = kind === "directory" ? directory(tree.root) : memoryFiles(CONTENT);
      const response = await ask(source, path);
      assertEquals(response.status, status);
      const body = await response.text();
      if (status === 200) assertEquals(body, answer);
      if (status === 301) assertEquals(response.headers.get("location"), answer);
      assert(!body.includes("hunter2"));
    });
  }

  Deno.test(`fileHandler() sends the same headers for HEAD as for GET, of a ${kind}`, async () => {
    await using tree = new Tree();
    const source = kind === "directory" ? directory(tree.root) : memoryFiles(CONTENT);
    const get = await ask(source, "/static/example.txt");
    const head = await ask(source, "/static/example.txt", { method: "HEAD" });
    assertEquals([...head.headers], [...get.headers]);
    assertEquals([head.status, await head.text(), await get.text()], [200, "", "0123456789"]);
    assertEquals(get.headers.get("content-type"), "text/plain; charset=utf-8");
    assertEquals(get.headers.get("content-length"), "10");
    assertEquals(get.headers.get("cache-control"), "no-cache");
    assertEquals(get.headers.get("x-content-type-options"), "nosniff");
    assertEquals(get.headers.has("last-modified"), kind === "directory");
  });
}

for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
  Deno.test(`serveFiles() lets ${method} pass`, async () => {
    assertEquals((await ask(memoryFiles(CONTENT), "/static/example.txt", { method })).status, 404);
  });
}

Deno.test("serveFiles() lets a route answer where no file is, and stands before it where one is", async () => {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  const middleware = [serveFiles(memoryFiles(CONTENT))];
  server.get("/:name", (_request, context) => json(context.params.name), { middleware });
  const text = async (path: string) =>
    await (await server.fetch(new Request("http://localhost" + path))).text();
  assertEquals([await text("/example.txt"), await text("/nope")], ["0123456789", '"nope"']);
});

const hostile = [
  "../secret.txt",
  "..%2fsecret.txt",
  "%2e%2e/secret.txt",
  "%2e%2e%2fsecret.txt",
  ".%2e/secret.txt",
  "..\\secret.txt",
  "..%5csecret.txt",
  "%2e%2e%5csecret.txt",
  "..%5C..%5Csecret.txt",
  "\\..\\secret.txt",
  "%252e%252e%252fsecret.txt",
  "%252e%252e/secret.txt",
  "..%252fsecret.txt",
  "%25%32%65%25%32%65/secret.txt",
  "..%c0%afsecret.txt",
  "%c0%ae%c0%ae/secret.txt",
  "..%ef%bc%8fsecret.txt",
  "%uff0e%uff0e/secret.txt",
  "....//secret.txt",
  "..../secret.txt",
  "...//...//secret.txt",
  "..;/secret.txt",
  "..%00/secret.txt",
  "example.txt%00",
  "example.txt%00.png",
  "%00/../secret.txt",
  "%0a../secret.txt",
  "..%0d%0a/secret.txt",
  "//secret.txt",
  "/etc/passwd",
  "%2fetc%2fpasswd",
  "//etc//passwd",
  "file:///etc/passwd",
  "~/secret.txt",
  "C:/secret.txt",
  "C:%5csecret.txt",
  "example.txt::$DATA",
  "example.txt%20",
  "example.txt.",
  "EXAMPLE.TXT",
  "nested/../../secret.txt",
  "nested/%2e%2e/%2e%2e/secret.txt",
  "nested/..%2f..%2fsecret.txt",
  "./../secret.txt",
  "./%2e%2e/secret.txt",
  "?/../secret.txt",
  "#/../secret.txt",
  "..?/secret.txt",
  "../public-other/secret.txt",
  "..%2fpublic-other%2fsecret.txt",
  "../public/../secret.txt",
  ".env",
  "%2eenv",
  ".git/config",
  "%2egit/config",
  "nested/../.env",
  "./.env",
  ".//.env",
  ".env%20",
  ".ENV",
  "out.txt",
  "outdir/secret.txt",
  "outdir/",
  "dotlink",
  "dotlink/",
  "loop",
  "pipe",
  "absolute.txt",
  "hop/secret.txt",
];

for (
  const prefix of [
    "/static/",
    "/static/nested/",
    "/static/bare/../",
    "/",
    "/static//",
    "/static/a%20b/",
    "/static/./",
    "/static/nested/%2e%2e/",
  ]
) {
  Deno.test(`fileHandler() gives nothing away below ${prefix}, raw over a socket`, async () => {
    await using tree = new Tree();
    Deno.symlinkSync("../secret.txt", `${tree.root}/out.txt`);
    Deno.symlinkSync(`${tree.top}/secret.txt`, `${tree.root}/absolute.txt`);
    Deno.symlinkSync("..", `${tree.root}/outdir`);
    Deno.symlinkSync("nested/up", `${tree.root}/hop`);
    Deno.symlinkSync("../../public-other", `${tree.root}/nested/up`);
    Deno.symlinkSync(".env", `${tree.root}/dotlink`);
    Deno.symlinkSync("loop", `${tree.root}/loop`);
    await new Deno.Command("mkfifo", { args: [`${tree.root}/pipe`] }).output();
    await using server = serverOf(directory(tree.root), { listing: true });
    await server.start();
    for (const path of hostile) {
      const [status, text] = await raw(server, prefix + path);
      assert(!text.includes("hunter2") && !text.includes("root:"), `${prefix}${path} gave ${text}`);
      assert([200, 301, 400, 404].includes(status), `${prefix}${path} answered ${status}`);
    }
    assertEquals((await raw(server, "/static/example.txt"))[0], 200);
  });
}

/** Sends a target as it is written; every client of a library would mend it first. */
async function raw(server: Server, target: string): Promise<[status: number, text: string]> {
  using connection = await Deno.connect(server.address);
  const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  let text = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  for (let count = await connection.read(buffer); count; count = await connection.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return [Number(text.split(" ")[1]), text];
}

Deno.test("directory() follows links that stay inside, and is found through one", async () => {
  await using tree = new Tree();
  Deno.symlinkSync("example.txt", `${tree.root}/link.txt`);
  Deno.symlinkSync(tree.root, `${tree.top}/linked-root`);
  const source = directory(`${tree.top}/linked-root`);
  assertEquals(await (await ask(source, "/static/link.txt")).text(), "0123456789");
});

Deno.test("directory() shows what is there now, and not what was", async () => {
  await using tree = new Tree();
  const source = directory(tree.root);
  assertEquals((await ask(source, "/static/new.txt")).status, 404);
  tree.write("new.txt", "new");
  assertEquals(await (await ask(source, "/static/new.txt")).text(), "new");
  await Deno.remove(`${tree.root}/new.txt`);
  assertEquals((await ask(source, "/static/new.txt")).status, 404);
});

Deno.test("directory() whose root is missing is a slip of the service", async () => {
  assertEquals((await ask(directory("/nowhere/at/all"), "/static/a")).status, 500);
});

for (
  const path of [
    "..",
    "../secret.txt",
    "/etc/passwd",
    "a//b",
    "a/./b",
    "a\\b",
    "a\0b",
    "a\nb",
    "nested/",
  ]
) {
  Deno.test(`FileSource.find() finds nothing at ${JSON.stringify(path)}, whoever asks`, async () => {
    await using tree = new Tree();
    assertEquals(await directory(tree.root).find(path), undefined);
    assertEquals(await memoryFiles(CONTENT).find(path), undefined);
  });
}

const clashes: [what: string, files: Record<string, string>][] = [
  ["a file in a file", { a: "", "a/b": "" }],
  ["a file over a folder", { "a/b": "", a: "" }],
  ["a root", { "": "" }],
  ["a slash at the beginning", { "/a": "" }],
  ["a slash at the end", { "a/": "" }],
];

for (const [what, files] of clashes) {
  Deno.test(`memoryFiles() refuses ${what}`, () => {
    assertThrows(() => memoryFiles(files), TypeError, "Cannot hold file");
  });
}

Deno.test("memoryFiles() tells states apart by content alone", async () => {
  const etag = async (text: string) => {
    const node = await memoryFiles({ a: text }).find("a");
    return node?.kind === "file" ? node.etag : undefined;
  };
  assertEquals(await etag("x"), await etag("x"));
  assert(await etag("x") !== await etag("y"));
});

Deno.test("fileHandler() lists a folder if asked to, names that bite included", async () => {
  await using tree = new Tree();
  tree.write("bare/<img src=x>", "");
  tree.write("bare/sub/a", "");
  tree.write("bare/.hidden", "");
  for (const source of [directory(tree.root)]) {
    const response = await ask(source, "/static/bare/", {}, { listing: true });
    assertEquals(response.headers.get("content-security-policy"), "default-src 'none'");
    const links = [...(await response.text()).matchAll(/<a href="([^"]*)">([^<]*)</g)];
    assertEquals(links.map(([, href, text]) => [href, text]), [
      ["../", "../"],
      ["./sub/", "sub/"],
      ["./%3Cimg%20src%3Dx%3E", "&lt;img src=x&gt;"],
      ["./f.txt", "f.txt"],
      ["./javascript%3Aalert(1)", "javascript:alert(1)"],
    ]);
  }
});

Deno.test("fileHandler() serves files with a dot if told to", async () => {
  const options = { dotFiles: true };
  const response = await ask(
    memoryFiles({ ".well-known/a": "x" }),
    "/static/.well-known/a",
    {},
    options,
  );
  assertEquals(await response.text(), "x");
});

Deno.test("fileHandler() answers a browser's page with the fallback, and nothing else", async () => {
  const options = { fallback: "index.html" };
  const page = async (path: string, accept: string) =>
    (await ask(memoryFiles(CONTENT), path, { headers: { accept } }, options)).status;
  assertEquals(await page("/static/users/7", "text/html,*/*"), 200);
  assertEquals(await page("/static/users/7", "application/json"), 404);
  assertEquals(await page("/api/users/7", "text/html"), 404);
});

const codings: [accept: string, encoding: string | null, body: string][] = [
  ["br, gzip", "br", "brotli"],
  ["gzip", "gzip", "gzip"],
  ["identity", null, "console.log(1)"],
  ["br;q=0", null, "console.log(1)"],
  ["zstd", null, "console.log(1)"],
];

for (const [accept, encoding, body] of codings) {
  Deno.test(`fileHandler() sends what is compressed already to ${accept}`, async () => {
    const headers = { "accept-encoding": accept };
    const options = { precompressed: true };
    const response = await ask(memoryFiles(CONTENT), "/static/app.js", { headers }, options);
    assertEquals(response.headers.get("content-encoding"), encoding);
    assertEquals(response.headers.get("vary"), "Accept-Encoding");
    assertEquals(response.headers.get("content-type"), "text/javascript; charset=utf-8");
    assertEquals(await response.text(), body);
    const plain = await ask(memoryFiles(CONTENT), "/static/example.txt", { headers }, options);
    assertEquals([plain.headers.get("content-encoding"), await plain.text()], [null, "0123456789"]);
  });
}

Deno.test("fileHandler() says how long to keep files, by path", async () => {
  const cacheControl = (path: string) => path.endsWith(".txt") ? "max-age=60" : undefined;
  const of = async (path: string, options: ServeFilesOptions) =>
    (await ask(memoryFiles(CONTENT), path, {}, options)).headers.get("cache-control");
  assertEquals(await of("/static/example.txt", { cacheControl }), "max-age=60");
  assertEquals(await of("/static/app.js", { cacheControl }), "no-cache");
  assertEquals(await of("/static/app.js", { cacheControl: "private" }), "private");
});

const ranges: [
  header: string | null,
  size: number,
  range: ByteRange | "unsatisfiable" | undefined,
][] = [
  [null, 10, undefined],
  ["bytes=1-2", 10, { start: 1, end: 3 }],
  ["bytes=0-", 10, { start: 0, end: 10 }],
  ["bytes=9-", 10, { start: 9, end: 10 }],
  ["bytes=5-99", 10, { start: 5, end: 10 }],
  ["bytes=-3", 10, { start: 7, end: 10 }],
  ["bytes=-99", 10, { start: 0, end: 10 }],
  ["Bytes = 1-2 ", 10, { start: 1, end: 3 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=10-20", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  [`bytes=${"9".repeat(400)}-`, 10, "unsatisfiable"],
  [`bytes=0-${"9".repeat(400)}`, 10, { start: 0, end: 10 }],
  ["bytes=3-2", 10, undefined],
  ["bytes=-", 10, undefined],
  ["bytes=", 10, undefined],
  ["bytes=a-b", 10, undefined],
  ["bytes=1.5-2", 10, undefined],
  ["bytes=--1", 10, undefined],
  ["lines=1-2", 10, undefined],
  ["bytes=0-1,3-4", 10, undefined],
  [`bytes=${"0-,".repeat(5000)}0-`, 10, undefined],
  ["bytes=0-", 0, undefined],
  ["bytes=-1", 0, undefined],
];

for (const [header, size, range] of ranges) {
  Deno.test(`parseRange() reads ${header?.slice(0, 40)} of ${size} bytes`, () => {
    assertEquals(parseRange(header, size), range);
  });
}

const parts: [range: string, status: number, body: string, contentRange: string | null][] = [
  ["bytes=1-2", 206, "12", "bytes 1-2/10"],
  ["bytes=-1", 206, "9", "bytes 9-9/10"],
  ["bytes=0-", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["bytes=0-1,2-3", 200, "0123456789", null],
];

for (const kind of ["directory", "memory"] as const) {
  for (const [range, status, body, contentRange] of parts) {
    Deno.test(`fileHandler() answers ${status} to ${range} of a ${kind}`, async () => {
      await using tree = new Tree();
      const source = kind === "directory" ? directory(tree.root) : memoryFiles(CONTENT);
      const response = await ask(source, "/static/example.txt", { headers: { range } });
      assertEquals(response.status, status);
      assertEquals(response.headers.get("content-range"), contentRange);
      assertEquals(await response.text(), body);
      const head = await ask(source, "/static/example.txt", { method: "HEAD", headers: { range } });
      assertEquals([head.status, head.headers.get("content-length")], [200, "10"]);
    });
  }
}

const modifiedMs = Date.UTC(2024, 0, 2, 3, 4, 5, 678);
const file = { etag: '"a"', modifiedMs };
const at = (seconds: number) => new Date(modifiedMs + seconds * 1000).toUTCString();

const conditions: [headers: Record<string, string>, verdict: string][] = [
  [{}, "proceed"],
  [{ "if-none-match": '"a"' }, "not_modified"],
  [{ "if-none-match": 'W/"a"' }, "not_modified"],
  [{ "if-none-match": '"b", "a"' }, "not_modified"],
  [{ "if-none-match": "*" }, "not_modified"],
  [{ "if-none-match": '"b"' }, "proceed"],
  [{ "if-none-match": "a" }, "proceed"],
  [{ "if-none-match": '"b"', "if-modified-since": at(9) }, "proceed"],
  [{ "if-modified-since": at(0) }, "not_modified"],
  [{ "if-modified-since": at(9) }, "not_modified"],
  [{ "if-modified-since": at(-1) }, "proceed"],
  [{ "if-modified-since": "yesterday" }, "proceed"],
  [{ "if-match": '"a"' }, "proceed"],
  [{ "if-match": "*" }, "proceed"],
  [{ "if-match": 'W/"a"' }, "failed"],
  [{ "if-match": '"b"' }, "failed"],
  [{ "if-match": '"a"', "if-none-match": '"a"' }, "not_modified"],
  [{ "if-unmodified-since": at(0) }, "proceed"],
  [{ "if-unmodified-since": at(-1) }, "failed"],
  [{ "if-unmodified-since": "tomorrow" }, "proceed"],
  [{ "if-match": '"a"', "if-unmodified-since": at(-1) }, "proceed"],
];

for (const [headers, verdict] of conditions) {
  Deno.test(`weighPreconditions() says ${verdict} to ${JSON.stringify(headers)}`, () => {
    assertEquals(weighPreconditions(new Headers(headers), file), verdict);
  });
}

Deno.test("fileHandler() answers 304 with validators and no content, 412 if a condition fails", async () => {
  await using tree = new Tree();
  const source = directory(tree.root);
  const first = await ask(source, "/static/example.txt");
  const etag = first.headers.get("etag")!;
  await first.body?.cancel();
  const again = await ask(source, "/static/example.txt", { headers: { "if-none-match": etag } });
  assertEquals([again.status, again.body, again.headers.get("etag")], [304, null, etag]);
  assertEquals(again.headers.get("content-type"), null);
  const since = { "if-modified-since": first.headers.get("last-modified")! };
  assertEquals((await ask(source, "/static/example.txt", { headers: since })).status, 304);
  const other = await ask(source, "/static/example.txt", { headers: { "if-match": '"x"' } });
  assertEquals(other.status, 412);
  tree.write("example.txt", "changed");
  const changed = await ask(source, "/static/example.txt", { headers: { "if-none-match": etag } });
  assertEquals([changed.status, await changed.text()], [200, "changed"]);
});

Deno.test("fileHandler() answers a part only of the file that the client has a part of", async () => {
  await using tree = new Tree();
  const source = directory(tree.root);
  const first = await ask(source, "/static/example.txt");
  await first.body?.cancel();
  const status = async (condition: string) => {
    const headers = { range: "bytes=1-2", "if-range": condition };
    const response = await ask(source, "/static/example.txt", { headers });
    await response.body?.cancel();
    return response.status;
  };
  const etag = first.headers.get("etag")!;
  assertEquals(await status(etag), 206);
  assertEquals(await status(`W/${etag}`), 200);
  assertEquals(await status('"other"'), 200);
  assertEquals(await status(first.headers.get("last-modified")!), 206);
  assertEquals(await status(new Date(0).toUTCString()), 200);
  assertEquals(await status("nonsense"), 200);
});

const large = "0123456789abcdef".repeat(50_000);

Deno.test("fileHandler() streams a large file, whole and in part, over a socket", async () => {
  await using tree = new Tree();
  tree.write("large.txt", large);
  await using server = serverOf(directory(tree.root));
  await server.start();
  const url = `http://127.0.0.1:${server.address.port}/static/large.txt`;
  assertEquals(await (await fetch(url)).text(), large);
  const part = await fetch(url, { headers: { range: "bytes=100000-700000" } });
  assertEquals([part.status, await part.text()], [206, large.slice(100_000, 700_001)]);
  const left = await fetch(url); // A client that leaves: the sanitizer would see the file left open.
  await left.body!.cancel();
});

Deno.test("fileHandler() sends what it promised of a file that grows, and cuts one that shrinks", async () => {
  await using tree = new Tree();
  tree.write("log.txt", large);
  const source = directory(tree.root);
  const grown = await ask(source, "/static/log.txt");
  Deno.writeTextFileSync(`${tree.root}/log.txt`, "more", { append: true });
  assertEquals((await grown.text()).length, large.length);
  for (const text of [large, "0123456789"]) {
    tree.write("log.txt", text);
    const node = await source.find("log.txt");
    assert(node?.kind === "file");
    tree.write("log.txt", text.slice(0, -1));
    await assertRejects(
      async () => await new Response(await node.open(0, node.size)).text(),
      Error,
      "has become shorter",
    );
  }
});

Deno.test("fileResponse() names a download in any script, and no header of its own", async () => {
  const node = await memoryFiles({ a: "x" }).find("a");
  assert(node?.kind === "file");
  const request = new Request("http://localhost/");
  const disposition = async (downloadAs: string) => {
    const response = await fileResponse(request, node, { downloadAs });
    await response.body?.cancel();
    return response.headers.get("content-disposition");
  };
  assertEquals(await disposition("a.csv"), `attachment; filename="a.csv"; filename*=UTF-8''a.csv`);
  assertEquals(
    await disposition(`ü "x"\r\n(1).csv`),
    `attachment; filename="_ _x___(1).csv"; filename*=UTF-8''%C3%BC%20%22x%22%0D%0A%281%29.csv`,
  );
});

const names: [path: string, type: string][] = [
  ["a.html", "text/html; charset=utf-8"],
  ["A.JPG", "image/jpeg"],
  ["a.tar.gz", "application/gzip"],
  ["a.b/c", "application/octet-stream"],
  ["html", "application/octet-stream"],
  ["a.constructor", "application/octet-stream"],
  ["", "application/octet-stream"],
];

for (const [path, type] of names) {
  Deno.test(`contentTypeOf() says ${type} of ${JSON.stringify(path)}`, () => {
    assertEquals(contentTypeOf(path), type);
  });
}
