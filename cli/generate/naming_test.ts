import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../errors.ts";
import {
  camelCase,
  NameScope,
  parseStyle,
  pascalCase,
  propertyKey,
  safeIdentifier,
  splitWords,
  StemScope,
  typeName,
} from "./naming.ts";

const names = [
  { name: "getUserLogic", words: "get User Logic", camel: "getUserLogic", file: "get_user_logic" },
  { name: "GetUserID", words: "Get User ID", camel: "getUserID", file: "get_user_id" },
  { name: "HTTPServer", words: "HTTP Server", camel: "httpServer", file: "http_server" },
  { name: "UserIDs", words: "User IDs", camel: "userIDs", file: "user_ids" },
  { name: "v1Beta2", words: "v1 Beta2", camel: "v1Beta2", file: "v1_beta2" },
  { name: "SHA256Sum", words: "SHA256 Sum", camel: "sha256Sum", file: "sha256_sum" },
  { name: "rate-limit", words: "rate limit", camel: "rateLimit", file: "rate_limit" },
  { name: "user_info", words: "user info", camel: "userInfo", file: "user_info" },
  { name: "a/bC", words: "a b C", camel: "aBC", file: "a_b_c" },
  { name: "_1st", words: "1st", camel: "_1st", file: "1st" },
  { name: "_", words: "_", camel: "_", file: "_" },
];
for (const { name, words, camel, file } of names) {
  Deno.test(`splitWords() splits ${name}`, () => {
    assertEquals(splitWords(name).join(" "), words);
    assertEquals(camelCase(name), camel);
    assertEquals(parseStyle("go_zero")(name), file);
  });
}

const styles = [
  { style: "gozero", file: "getuserlogic" },
  { style: "goZero", file: "getUserLogic" },
  { style: "GoZero", file: "GetUserLogic" },
  { style: "go_zero", file: "get_user_logic" },
  { style: "go-zero", file: "get-user-logic" },
  { style: "GOZERO", file: "GETUSERLOGIC" },
  { style: "_go#zero_", file: "_get#user#logic_" },
];
for (const { style, file } of styles) {
  Deno.test(`parseStyle() names files as ${style} says`, () => {
    assertEquals(parseStyle(style)("getUser", "logic"), file);
  });
}

Deno.test("parseStyle() splits before every capital in compat mode", () => {
  assertEquals(parseStyle("go_zero", { compat: true })("GetUserID"), "get_user_i_d");
});

for (const style of ["go", "zero", "zerogo", "gOZero", "", "go/zero", "../gozero"]) {
  Deno.test(`parseStyle() refuses "${style}"`, () => {
    assertThrows(() => parseStyle(style), UsageError, "Cannot use style");
  });
}

Deno.test("pascalCase() and typeName() keep acronyms and leave platform types alone", () => {
  assertEquals(["user_info", "getUserID", "URL"].map(pascalCase), ["UserInfo", "GetUserID", "URL"]);
  assertEquals(["record", "Promise", "UserReq"].map(typeName), ["Record_", "Promise_", "UserReq"]);
  assertEquals(["PingLogic", "_1"].map(typeName), ["PingLogic_", "_1"]);
});

Deno.test("safeIdentifier() marks reserved words, propertyKey() quotes what is no identifier", () => {
  assertEquals(["delete", "remove"].map(safeIdentifier), ["delete_", "remove"]);
  assertEquals(["a", "class", "a-b", "1"].map(propertyKey), ["a", "class", '"a-b"', '"1"']);
});

Deno.test("NameScope hands out each name once", () => {
  const scope = new NameScope(["json"]);
  assertEquals(["a", "a", "json", "a"].map((name) => scope.claim(name)), [
    "a",
    "a_",
    "json_",
    "a__",
  ]);
});

Deno.test("StemScope hands out each name once, and each name of a file", () => {
  const scope = new StemScope(parseStyle("go_zero"));
  const names = ["Say", "say", "SAY", "SayIt", "sayIt", "Sayit", "Say2"];
  assertEquals(names.map((name) => scope.claim(name)), [
    "Say",
    "say2",
    "SAY3",
    "SayIt",
    "sayIt2",
    "Sayit",
    "Say22",
  ]);
});
