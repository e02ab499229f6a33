/** Attacks with forms that have files: by number, by size, and by what a boundary may hide. */
import { assert, assertEquals } from "@std/assert";
import { multipart } from "../request/multipart.ts";
import { json } from "../response/json.ts";
import { KINDS, Target } from "./testdata/target.ts";
import { request, send } from "./testdata/raw_client.ts";

const TYPE = "Content-Type: multipart/form-data; boundary=b";

function part(name: string, content: string, more = ""): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
}

interface Attack {
  readonly what: string;
  readonly type?: string;
  readonly body: string;
  readonly status: number;
  /** What a form that is taken reads as. */
  readonly names?: readonly string[];
}

const ATTACKS: readonly Attack[] = [
  { what: "a form", body: `${part("a", "1")}--b--\r\n`, status: 200, names: ["a"] },
  { what: "10,000 parts", body: part("a", "").repeat(10_000), status: 413 },
  { what: "17 parts where 16 may be", body: `${part("a", "1").repeat(17)}--b--`, status: 413 },
  {
    what: "a file name of 100 KB",
    body: `${part("a", "1", `; filename="${"x".repeat(100_000)}"`)}--b--`,
    status: 413,
  },
  {
    what: "a head of many fields",
    body: `--b\r\n${"x: y\r\n".repeat(10_000)}\r\n1\r\n--b--`,
    status: 413,
  },
  { what: "a part that is too large", body: `${part("a", "x".repeat(5_000))}--b--`, status: 413 },
  {
    what: "parts too large together",
    body: `${part("a", "x".repeat(3_900)).repeat(4)}--b--`,
    status: 413,
  },
  { what: "no end", body: part("a", "1"), status: 400 },
  { what: "nothing but what may stand before it", body: "1\r\n--b--", status: 200, names: [] },
  { what: "a part without a name", body: "--b\r\n\r\n1\r\n--b--", status: 400 },
  {
    what: "a part without the end of its head",
    body: "--b\r\nContent-Disposition: form-data",
    status: 400,
  },
  { what: "no boundary", type: "Content-Type: multipart/form-data", body: "x", status: 400 },
  {
    what: "a boundary of 1,000 bytes",
    type: `Content-Type: multipart/form-data; boundary=${"b".repeat(1_000)}`,
    body: "x",
    status: 400,
  },
  {
    what: "a boundary with a line end",
    type: 'Content-Type: multipart/form-data; boundary="a\\\r\n b"',
    body: "x",
    status: 400,
  },
  {
    what: "what looks like a boundary in a part",
    body: `${part("a", "x\r\n--c--\r\n-b\r\n--")}--b--`,
    status: 200,
    names: ["a"],
  },
  { what: "a line that begins as a boundary", body: `${part("a", "x\r\n--bb")}--b--`, status: 400 },
  {
    what: "names of properties that objects have",
    body: `${part("__proto__", "1")}${part("constructor", "2")}--b--`,
    status: 200,
    names: ["__proto__", "constructor"],
  },
  {
    what: "a file name that is a path",
    body: `${part("a", "1", '; filename="../../etc/cron.d/x"')}--b--`,
    status: 200,
    names: ["a/x"],
  },
  {
    what: "a file name that is a path of another system",
    body: `${part("a", "1", '; filename="C:\\\\\\\\windows\\\\\\\\x"')}--b--`,
    status: 200,
    names: ["a/x"],
  },
];

async function start(kind: (typeof KINDS)[number]): Promise<Target> {
  const target = Target.prepare(kind, {});
  target.server.post("/upload", async (_request, context) => {
    const names: string[] = [];
    const limits = {
      maxParts: 16,
      maxHeaderBytes: 2_048,
      maxPartBytes: 4_000,
      maxTotalBytes: 12_000,
    };
    for await (const { name, filename, body } of multipart(context, limits)) {
      for await (const _chunk of body);
      names.push(filename === undefined ? name : `${name}/${filename}`);
    }
    return json(names);
  });
  await target.server.start();
  return target;
}

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} takes forms, and of those that attack just what does no harm`, async () => {
    await using target = await start(kind);
    for (const { what, type = TYPE, body, status, names } of ATTACKS) {
      const lines = ["Host: a", type, `Content-Length: ${body.length}`, "Connection: close"];
      const { text, result } = await send(target.port, request("POST /upload", lines, body), {
        waitMs: 8_000,
        answers: 1,
      });
      assertEquals(result.split(" ")[0], `${status}`, `${what}: ${text.slice(0, 500)}`);
      if (names) assert(text.endsWith(JSON.stringify(names)), `${what}: ${text}`);
      assertEquals(Object.keys(Object.prototype), []);
    }
    await target.assertAlive();
  });
}
