import { assertEquals, assertRejects } from "@std/assert";
import { jsonLines } from "./json_lines.ts";

async function read(...chunks: Uint8Array[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of jsonLines(ReadableStream.from(chunks))) values.push(value);
  return values;
}

const bytes = new TextEncoder().encode('{"a":"ü✓"}\r\n\n[1]\n \n"end"');
for (let at = 0; at <= bytes.length; at++) {
  Deno.test(`jsonLines() reads values that come in two pieces, cut at ${at}`, async () => {
    const values = await read(bytes.slice(0, at), bytes.slice(at));
    assertEquals(values, [{ a: "ü✓" }, [1], "end"]);
  });
}

Deno.test("jsonLines() reads values that come byte by byte", async () => {
  const values = await read(...Array.from(bytes, (_, i) => bytes.slice(i, i + 1)));
  assertEquals(values, [{ a: "ü✓" }, [1], "end"]);
});

for (const text of ["{", "[1]\n{", "no\n"]) {
  Deno.test(`jsonLines() refuses ${JSON.stringify(text)}`, async () => {
    await assertRejects(() => read(new TextEncoder().encode(text)), SyntaxError);
  });
}

Deno.test("jsonLines() refuses a line without an end before it fills the memory", async () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x20);
  let asked = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      asked++;
      controller.enqueue(mebibyte);
    },
  });
  await assertRejects(
    () => jsonLines(endless).next(),
    SyntaxError,
    "more than 67108864 characters",
  );
  assertEquals(asked < 70, true);
});
