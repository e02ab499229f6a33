/**
 * The section of a configuration that says where etcd is.
 *
 * @module
 */

import { array, boolean, int64, string } from "../../schema/builders.ts";
import { object, type ObjectSchema } from "../../schema/object.ts";
import type { EtcdOptions, EtcdTls } from "./options.ts";

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
  /** File of the client's certificate, PEM. TLS is used if this or `CACertFile` is set, or a host begins with `https://`. */
  readonly CertFile?: string;
  /** File of the client's key, PEM; goes with `CertFile`. */
  readonly CertKeyFile?: string;
  /** File of the certificates of the authority, PEM. @default {those that the system trusts} */
  readonly CACertFile?: string;
  /** Whether TLS takes any certificate of a server. Whoever is between can then read and change all. @default {false} */
  readonly InsecureSkipVerify: boolean;
}

/** The part of the section that says where etcd is and who connects. */
export type EtcdAccountConf = Pick<
  EtcdConf,
  | "Hosts"
  | "User"
  | "Pass"
  | "CertFile"
  | "CertKeyFile"
  | "CACertFile"
  | "InsecureSkipVerify"
>;

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

/**
 * The id that a service of this configuration publishes under, if it has one of its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([publishedId({ ID: 7 }), publishedId({ ID: 0 })], ["7", undefined]);
 * ```
 */
export function publishedId(config: Pick<EtcdConf, "ID">): string | undefined {
  return config.ID > 0 ? String(config.ID) : undefined;
}

/**
 * Who connects, as the section says it: the account, and certificates. Files are read when connections are opened.
 *
 * @throws {TypeError} If there is a certificate without its key, or a key without its certificate.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const section = { Hosts: ["https://etcd:2379"], User: "zeno", Pass: "secret", InsecureSkipVerify: false };
 * assertEquals(etcdAccountOf(section), { user: "zeno", password: "secret", tls: {} });
 * ```
 */
export function etcdAccountOf(
  config: EtcdAccountConf,
): Pick<EtcdOptions, "user" | "password" | "tls"> {
  const { User = "", Pass = "" } = config;
  const tls = tlsOf(config);
  return {
    ...(User !== "" && Pass !== "" ? { user: User, password: Pass } : {}),
    ...(tls ? { tls } : {}),
  };
}

/**
 * What a client needs for this configuration.
 *
 * @throws {TypeError} If the section is not complete.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const config = etcdConfig.parse({ Hosts: ["127.0.0.1:2379"], Key: "greet.rpc", CACertFile: "ca.pem" });
 * assertEquals(etcdOptionsOf(config), { hosts: ["127.0.0.1:2379"], tls: { caFile: "ca.pem" } });
 * ```
 */
export function etcdOptionsOf(config: EtcdConf): EtcdOptions {
  const { Hosts, Key } = config;
  if (Hosts.length === 0) throw new TypeError("Cannot connect to etcd: empty etcd hosts");
  if (Key === "") throw new TypeError("Cannot connect to etcd: empty etcd key");
  return { hosts: Hosts, ...etcdAccountOf(config) };
}

function tlsOf(config: EtcdAccountConf): EtcdTls | undefined {
  const { CertFile, CertKeyFile, CACertFile, InsecureSkipVerify, Hosts } = config;
  if (!CertFile !== !CertKeyFile) {
    throw new TypeError("Cannot connect to etcd: CertFile and CertKeyFile go together");
  }
  const isSecure = CertFile || CACertFile || Hosts.some((host) => host.startsWith("https://"));
  if (!isSecure) return undefined;
  return {
    ...(CertFile ? { certFile: CertFile, keyFile: CertKeyFile } : {}),
    ...(CACertFile ? { caFile: CACertFile } : {}),
    ...(InsecureSkipVerify ? { insecureSkipVerify: true } : {}),
  };
}
