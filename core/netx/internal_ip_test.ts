import { assertEquals, assertMatch } from "@std/assert";
import { internalIp, type NetworkAddress } from "./internal_ip.ts";

const ip4 = (address: string): NetworkAddress => ({ name: "eth0", family: "IPv4", address });
const ip6 = (address: string): NetworkAddress => ({ name: "eth0", family: "IPv6", address });

const rows: readonly { name: string; addresses: NetworkAddress[]; expected: string | undefined }[] =
  [
    { name: "nothing", addresses: [], expected: undefined },
    { name: "loopback alone", addresses: [ip4("127.0.0.1"), ip6("::1")], expected: undefined },
    { name: "IPv6 alone", addresses: [ip6("2001:db8::1")], expected: undefined },
    {
      name: "loopback first",
      addresses: [ip4("127.0.0.1"), ip6("fe80::1"), ip4("10.1.2.3")],
      expected: "10.1.2.3",
    },
    { name: "two", addresses: [ip4("10.0.0.1"), ip4("192.168.0.2")], expected: "10.0.0.1" },
    {
      name: "an address nobody gave",
      addresses: [ip4("169.254.7.7"), ip4("0.0.0.0"), ip4("172.17.0.2")],
      expected: "172.17.0.2",
    },
  ];
for (const { name, addresses, expected } of rows) {
  Deno.test(`internalIp() of ${name} is ${expected}`, () => {
    assertEquals(internalIp(addresses), expected);
  });
}

Deno.test("internalIp() of this machine is an address or nothing", () => {
  const own = internalIp();
  if (own !== undefined) assertMatch(own, /^\d{1,3}(\.\d{1,3}){3}$/);
  assertEquals(own, internalIp(Deno.networkInterfaces()));
});
