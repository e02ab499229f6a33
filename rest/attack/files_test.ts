/** Attacks on static files: what leads out of their folder, by whatever spelling. */
import { assert } from "@std/assert";
import { directory } from "../files/directory.ts";
import { fileHandler } from "../files/serve_files.ts";
import { KINDS, Target } from "./testdata/target.ts";
import { request, send } from "./testdata/raw_client.ts";

const SECRET = "hunter2";

/** Ways to say "the folder above". */
const UPS = [
  "..",
  "%2e%2e",
  "%2E.",
  ".%2e",
  "%252e%252e",
  "..;",
  "..%00",
  "%c0%ae%c0%ae",
  "%e0%80%ae%e0%80%ae",
  "%uff0e%uff0e",
  "\uff0e\uff0e",
  "....",
  ". .",
  "..%20",
];

/** Ways to say "/". */
const SLASHES = ["/", "//", "%2f", "%2F", "%252f", "\\", "%5c", "%5C", "%c0%af", "/./", ";/"];

/** Where to begin and what to ask for. */
const FRAMES: readonly ((way: string, slash: string) => string)[] = [
  (way, slash) => `/${way}${slash}secret.txt`,
  (way, slash) => `/open${slash}${way}${slash}${way}${slash}secret.txt`,
  (way, slash) => `//${way}${slash}secret.txt`,
];

const PAYLOADS = [
  ...new Set([
    ...UPS.flatMap((up) => SLASHES.flatMap((slash) => FRAMES.map((frame) => frame(up, slash)))),
    // Links, hidden files, other cases, and what a file system may take for something else.
    "/link.txt",
    "/link",
    "/linked/secret.txt",
    "/linked/",
    "/open/../linked/secret.txt",
    "/.env",
    "/%2eenv",
    "/.git/config",
    "/open/.hidden",
    "/LINK.TXT",
    "/index.html/../../secret.txt",
    "/index.html%00.png",
    "/secret.txt::$DATA",
    "/C:/secret.txt",
    "/file:///etc/passwd",
    "/%5c%5cserver%5cshare%5csecret.txt",
    "/proc/self/environ",
    "/etc/passwd",
    "/~root/secret.txt",
    "/con",
    "/aux.txt",
  ]),
];

/** A folder that is served, beside a secret, with links that lead to it. */
async function withSite(run: (root: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    const root = `${home}/site`;
    await Deno.mkdir(`${root}/open`, { recursive: true });
    await Deno.mkdir(`${root}/.git`);
    await Deno.mkdir(`${home}/outside`);
    for (const path of ["secret.txt", "outside/secret.txt", "site/.env", "site/.git/config"]) {
      await Deno.writeTextFile(`${home}/${path}`, SECRET);
    }
    await Deno.writeTextFile(`${root}/open/.hidden`, SECRET);
    await Deno.writeTextFile(`${root}/index.html`, "welcome");
    await Deno.symlink(`${home}/secret.txt`, `${root}/link.txt`);
    await Deno.symlink("../secret.txt", `${root}/link`);
    await Deno.symlink(`${home}/outside`, `${root}/linked`);
    await run(root);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} gives no file away that is not served, asked for in ${PAYLOADS.length} ways`, async () => {
    await withSite(async (root) => {
      const notFound = fileHandler(directory(root));
      await using target = await Target.start(kind, {}, { notFound });
      const served = await send(target.port, request("GET /index.html", CLOSING), {
        waitMs: 8_000,
      });
      assert(served.text.includes("welcome") || served.result === "301 close", served.text);
      for (const payload of PAYLOADS) {
        const path = String.fromCharCode(...new TextEncoder().encode(payload));
        const { text, result } = await send(target.port, request(`GET ${path}`, CLOSING), {
          waitMs: 8_000,
        });
        assert(!text.includes(SECRET) && !text.includes("root:"), payload);
        assert(/^(3\d\d|400|404|405) close$/.test(result), `${payload}: ${result}`);
      }
      await target.assertAlive();
    });
  });
}

const CLOSING = ["Host: a", "Connection: close"];

Deno.test("there are 400 payloads and more", () => {
  assert(PAYLOADS.length > 400);
});
