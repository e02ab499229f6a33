/**
 * `deno task bench rpc`: choosing a node, messages, calls.
 *
 * @module
 */

for (const name of ["balancer", "proto", "calls"]) {
  console.log(`\n# ${name}`);
  await import(new URL(`${name}.ts`, import.meta.url).href);
}
