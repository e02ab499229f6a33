/**
 * The requests of `deno task demo --check`, and what each should be answered with.
 *
 * @module
 */

/** One request, what was expected and what was seen. */
export interface Row {
  /** The request in words. */
  readonly what: string;
  /** Status and what the body should say. */
  readonly expected: string;
  /** Status and what it said. */
  readonly seen: string;
  /** Whether they agree. */
  readonly ok: boolean;
}

interface Try {
  what: string;
  path: string;
  init?: RequestInit;
  status: number;
  /** What the answer's body, as text, must hold; the first group is what is shown. */
  body: RegExp;
  /** What `body` looks for, in words. */
  says: string;
}

const json = (value: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: typeof value === "string" ? value : JSON.stringify(value),
});

const BOOK = "/v1/book/entries";
const ENTRY = { name: "Ada", message: "Lovely", stars: 5 };

const TRIES: readonly Try[] = [
  { what: "a good greeting", path: "/from/you", status: 200, body: /"(message)"/, says: "message" },
  {
    what: "an option that is none",
    path: "/from/nobody",
    status: 400,
    body: /"path":"(name)"/,
    says: "name",
  },
  { what: "a good entry", path: BOOK, init: json(ENTRY), status: 200, body: /"(id)"/, says: "id" },
  {
    what: "the list of entries",
    path: `${BOOK}?size=5`,
    status: 200,
    body: /"(total)"/,
    says: "total",
  },
  {
    what: "a missing field",
    path: BOOK,
    init: json({ message: "x" }),
    status: 400,
    body: /"path":"(name)"/,
    says: "name",
  },
  {
    what: "a wrong type",
    path: BOOK,
    init: json({ ...ENTRY, stars: "many" }),
    status: 400,
    body: /"path":"(stars)"/,
    says: "stars",
  },
  {
    what: "a number out of range",
    path: BOOK,
    init: json({ ...ENTRY, stars: 6 }),
    status: 400,
    body: /"path":"(stars)"/,
    says: "stars",
  },
  {
    what: "JSON that is none",
    path: BOOK,
    init: json('{"name":'),
    status: 400,
    body: /(JSON)/,
    says: "JSON",
  },
  {
    what: "a body that is too large",
    path: BOOK,
    init: json({ ...ENTRY, message: "x".repeat(100_000) }),
    status: 413,
    body: /(65536) bytes/,
    says: "65536",
  },
  {
    what: "a chunked body that is too large",
    path: BOOK,
    init: { ...json(""), body: new Blob(["x".repeat(100_000)]).stream() },
    status: 413,
    body: /(65536) bytes/,
    says: "65536",
  },
  {
    what: "an unknown route",
    path: "/nowhere",
    status: 404,
    body: /"code":"(not_found)"/,
    says: "not_found",
  },
  {
    what: "a wrong method",
    path: "/from/you",
    init: { method: "DELETE" },
    status: 405,
    body: /use (GET, HEAD)/,
    says: "GET, HEAD",
  },
  {
    what: "a malformed path",
    path: "/from/%zz",
    status: 400,
    body: /(malformed)/,
    says: "malformed",
  },
  { what: "the health of it all", path: "/healthz", status: 200, body: /^(OK)$/, says: "OK" },
];

/** Sends every request and compares. */
export async function tryAll(url: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const it of TRIES) {
    const response = await fetch(url + it.path, it.init);
    const text = await response.text();
    const said = it.body.exec(text)?.[1];
    const expected = `${it.status} ${it.says}`;
    const seen = `${response.status} ${said ?? text.slice(0, 60).replaceAll("\n", " ")}`;
    rows.push({ what: it.what, expected, seen, ok: seen === expected });
  }
  return rows;
}
