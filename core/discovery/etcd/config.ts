/**
 * The section of a configuration that says where etcd is.
 *
 * @module
 */

import { array, boolean, int64, string } from "../../schema/builders.ts";
import { object, type ObjectSchema } from "../../schema/object.ts";
import type { EtcdOptions } from "./options.ts";

/** Section `Etcd`, with the keys that go-zero has. */
export interface EtcdConf {
  /** Members of the cluster, `host:port` each. */
  readonly Hosts: readonly string[];
  /** Name of the service, or of the one key that is followed. */
  readonly Key: string;
  /** Published below the key in the place of the lease's number, if > 0. @default {0} */
  readonly ID: number;
  /** Name of the account; used if there is a password too. */
  readonly User?: string;
  /** Password of the account. */
  readonly Pass?: string;
  /** File of the client's certificate, PEM. TLS is used if this and the two below are set. */
  readonly CertFile?: string;
  /** File of the client's key, PEM. */
  readonly CertKeyFile?: string;
  /** File of the certificate of the authority, PEM. */
  readonly CACertFile?: string;
  /** Not supported: a certificate that nobody checks protects nothing. @default {false} */
  readonly InsecureSkipVerify: boolean;
}

/** Schema of {@link EtcdConf}. */
export const etcdConfig: ObjectSchema<EtcdConf> = object({
  Hosts: array(string()),
  Key: string(),
  ID: int64().default(0),
  User: string().optional(),
  Pass: string().optional().secret(),
  CertFile: string().optional(),
  CertKeyFile: string().optional(),
  CACertFile: string().optional(),
  InsecureSkipVerify: boolean().default(false),
});

/** The id that a service of this configuration publishes under, if it has one of its own. */
export function publishedId(config: Pick<EtcdConf, "ID">): string | undefined {
  return config.ID > 0 ? String(config.ID) : undefined;
}

/**
 * What a client needs for this configuration.
 *
 * @param readFile Reads a certificate.
 * @throws {TypeError} If the section is not complete.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const config = etcdConfig.parse({ Hosts: ["127.0.0.1:2379"], Key: "greet.rpc" });
 * assertEquals(await etcdOptionsOf(config, Deno.readTextFile), { hosts: ["127.0.0.1:2379"] });
 * ```
 */
export async function etcdOptionsOf(
  config: EtcdConf,
  readFile: (path: string) => Promise<string>,
): Promise<EtcdOptions> {
  const { Hosts, Key, User = "", Pass = "" } = config;
  if (Hosts.length === 0) throw new TypeError("Cannot connect to etcd: empty etcd hosts");
  if (Key === "") throw new TypeError("Cannot connect to etcd: empty etcd key");
  const tls = await readTls(config, readFile);
  return {
    hosts: Hosts,
    ...(User !== "" && Pass !== "" ? { user: User, password: Pass } : {}),
    ...(tls ? { tls } : {}),
  };
}

async function readTls(
  config: EtcdConf,
  readFile: (path: string) => Promise<string>,
): Promise<EtcdOptions["tls"]> {
  const { CertFile, CertKeyFile, CACertFile, InsecureSkipVerify } = config;
  if (!CertFile && !CertKeyFile && !CACertFile) return undefined;
  if (!CertFile || !CertKeyFile || !CACertFile) {
    throw new TypeError(
      "Cannot connect to etcd: CertFile, CertKeyFile and CACertFile go together",
    );
  }
  if (InsecureSkipVerify) {
    throw new TypeError(
      "Cannot connect to etcd: InsecureSkipVerify is not supported, name the authority that is " +
        "to be trusted as CACertFile",
    );
  }
  const files = [CertFile, CertKeyFile, CACertFile].map((file) => readFile(file));
  const [cert, key, ca] = await Promise.all(files);
  return { cert, key, caCerts: [ca!] };
}
