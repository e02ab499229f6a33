import { assertEquals } from "@std/assert";
import { LiveRequests } from "./live_requests.ts";

Deno.test("LiveRequests ends all that are there, and no other", () => {
  const live = new LiveRequests();
  const ended: string[] = [];
  const add = (name: string) => live.add({ abort: (reason) => ended.push(`${name} ${reason}`) });
  const [first, second, third] = [add("a"), add("b"), add("c")];
  second.remove();
  second.remove();
  assertEquals(live.size, 2);
  live.abort("now");
  assertEquals(ended.sort(), ["a now", "c now"]);
  assertEquals(live.size, 0);
  first.remove();
  third.remove();
  add("d").remove();
  live.abort("again");
  assertEquals([ended.length, live.size], [2, 0]);
});
