/**
 * `deno task bench rpc`: choosing a node, messages, JSON, gateways, calls.
 *
 * @module
 */

for (const name of ["balancer", "proto", "json", "gateway", "calls"]) {
  console.log(`\n# ${name}`);
  await import(new URL(`${name}.ts`, import.meta.url).href);
}
