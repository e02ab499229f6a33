import { assertEquals } from "@std/assert";
import { supportOf } from "./environment.ts";

const versions = [
  { version: "2.6.9", supported: false },
  { version: "2.7.0", supported: true },
  { version: "2.9.3", supported: true },
  { version: "2.9.3+abc", supported: true },
  { version: "2.9.4", supported: false },
  { version: "2.9.6", supported: false },
  { version: "2.10.0", supported: false },
];
for (const { version, supported } of versions) {
  Deno.test(`supportOf() ${supported ? "takes" : "warns of"} ${version}`, () => {
    assertEquals(supportOf(version).supported, supported);
  });
}
