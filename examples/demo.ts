/**
 * `deno task demo`: generates the greeting service from its `.api` file into a temporary folder and starts it, and beside it a
 * shop to which everything happens that the chain is for. Tells what it sees, says what to try, and stays. With
 * `--check` it tries it all by itself, and says what it expected and what it saw.
 *
 * @module
 */

import { bold, cyan, dim, green, red } from "@std/fmt/colors";
import { startGreeting } from "./demo_greeting.ts";
import { freePort, sleep } from "./demo_process.ts";
import { type Row, tryAll } from "./demo_requests.ts";
import { SCENES } from "./demo_scenes.ts";
import { Shop } from "./demo_shop.ts";

/** The longest that `--check` may take. */
const CHECK_MS = 30_000;

async function check(): Promise<number> {
  const late = sleep(CHECK_MS).then(() => {
    throw new Error(`Cannot check demo: it takes more than ${CHECK_MS / 1000} s`);
  });
  late.catch(() => {}); // Nobody waits for it yet.
  const [greeting, shop] = await Promise.all([startGreeting(freePort(), "null"), Shop.open(0)]);
  await using _greeting = greeting;
  await using _shop = shop;
  const tried = tryAll(greeting.url).then(async (rows) => [...rows, ...await playAll(shop)]);
  const rows = await Promise.race([tried, late]);
  printTable(rows);
  const failed = rows.filter(({ ok }) => !ok).length;
  console.log(
    failed === 0
      ? green(`\nall ${rows.length} expectations were met`)
      : red(`\n${failed} of ${rows.length} expectations were not met`),
  );
  return failed === 0 ? 0 : 1;
}

async function playAll(shop: Shop): Promise<Row[]> {
  console.log(`\n${bold("The console of the shop:")} ${cyan(`${shop.devUrl}/debug/`)}`);
  const rows: Row[] = [];
  for (const scene of SCENES) {
    console.log(`\n${bold(scene.title)}`);
    rows.push(...await scene.play(shop, (line) => console.log(`  ${line}`)));
  }
  return rows;
}

function printTable(rows: readonly Row[]): void {
  const head = { what: "what", expected: "expected", seen: "seen", ok: true };
  const width = (key: "what" | "expected" | "seen") =>
    Math.max(head[key].length, ...rows.map((row) => row[key].length));
  const [what, expected, seen] = [width("what"), width("expected"), width("seen")];
  const line = (row: Row) =>
    `${row.what.padEnd(what)}  ${row.expected.padEnd(expected)}  ${row.seen.padEnd(seen)}`;
  console.log(`\n${bold(line(head))}`);
  for (const row of rows) console.log(`${line(row)}  ${row.ok ? green("ok") : red("differs")}`);
}

async function stay(): Promise<number> {
  const [greeting, shop] = await Promise.all([
    startGreeting(8888, "inherit"),
    Shop.open(freePort()),
  ]);
  await using _greeting = greeting;
  await using _shop = shop;
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stopped.resolve());
  }
  const end = Promise.race([stopped.promise, greeting.process.status]);
  const played = playAll(shop).then(() => printHelp(greeting.url, greeting.dir, shop.devUrl));
  await Promise.race([end, played]);
  await end;
  return 0;
}

function printHelp(url: string, dir: string, devUrl: string): void {
  console.log(`
${bold("The greeting service is up too.")} ${dim(`Its code was generated into ${dir}`)}

  GET   /from/:name        ${dim("you or me, and nobody else")}
  GET   /v1/book/entries   ${dim("the guest book; ?size= and ?minStars=")}
  POST  /v1/book/entries   ${dim("sign it")}
  GET   /healthz           ${dim("for load balancers")}

Try, from another terminal:

  ${cyan(`curl ${url}/from/you`)}
  ${cyan(`curl ${url}/from/nobody`)}
  ${
    cyan(
      `curl -H 'content-type: application/json' -d '{"name":"Ada","message":"Lovely"}' ${url}/v1/book/entries`,
    )
  }
  ${cyan(`curl '${url}/v1/book/entries?size=5'`)}
  ${cyan(`curl ${devUrl}/debug/decisions`)}   ${dim("why the shop refused requests")}

Stop it with Ctrl-C.
`);
}

if (import.meta.main) {
  try {
    Deno.exit(await (Deno.args.includes("--check") ? check() : stay()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
