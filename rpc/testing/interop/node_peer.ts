/**
 * The other side of the interoperability tests on Node, for which grpc-js is made.
 *
 * `ZENO_TEST_NODE` names a Node; without it the one on the PATH is used, else the one that `apt-get` installs where that
 * may be done. Nothing else is needed: the program and all that it imports are bundled into one file.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { findProgram } from "../../../core/testing/find_program.ts";

const PEER = fromFileUrl(new URL("testdata/grpc_js_peer.js", import.meta.url));
const PROJECT = fromFileUrl(new URL("../../../", import.meta.url));

/** A program in a file of its own, and a Node that runs it. */
export class NodePeer implements AsyncDisposable {
  readonly #node: string;
  readonly #folder: string;

  private constructor(node: string, folder: string) {
    this.#node = node;
    this.#folder = folder;
  }

  /**
   * Finds a Node and bundles the program.
   *
   * @throws {Error} If there is none, saying what is missing.
   */
  static async prepare(): Promise<NodePeer> {
    const node = await findNode();
    const peer = new NodePeer(node, await Deno.makeTempDir({ prefix: "zeno_node_peer_" }));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--platform", "deno", "--quiet", "--output", peer.#file, PEER],
      cwd: PROJECT,
    }).output();
    if (success) return peer;
    await peer[Symbol.asyncDispose]();
    throw new Error(`Cannot bundle the peer: ${new TextDecoder().decode(stderr)}`);
  }

  get #file(): string {
    return join(this.#folder, "peer.mjs");
  }

  /** Runs the program. */
  start(...args: string[]): Deno.ChildProcess {
    return new Deno.Command(this.#node, {
      args: [this.#file, ...args],
      // The file needs nothing that is around it.
      cwd: this.#folder,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  }

  /** Removes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The Node to use, installed if it is not there. */
async function findNode(): Promise<string> {
  const remedy = "install Node 18 or later, or set ZENO_TEST_NODE to its path";
  return Deno.env.get("ZENO_TEST_NODE") ||
    await findProgram("node", { package: "nodejs", remedy });
}
