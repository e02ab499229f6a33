/**
 * Where services are registered, as configurations write it.
 *
 * @module
 */

import { array, boolean, int64, string } from "../core/schema/builders.ts";
import { object, type ObjectSchema } from "../core/schema/object.ts";

/** The `Etcd` section. */
export interface EtcdConf {
  /** The members of the cluster, `host:port` each. */
  readonly Hosts: readonly string[];
  /** The key under which the instances of the service are. */
  readonly Key: string;
  /** A fixed end of the published key; 0 for that of the lease. @default {0} */
  readonly ID: number;
  /** Name of the account, used with `Pass`. */
  readonly User?: string;
  /** Password of the account. */
  readonly Pass?: string;
  /** Path of the client's certificate, PEM; goes with the two below. */
  readonly CertFile?: string;
  /** Path of its key, PEM. */
  readonly CertKeyFile?: string;
  /** Path of the certificate of the authority, PEM. */
  readonly CACertFile?: string;
  /** Whether any certificate will do. @default {false} */
  readonly InsecureSkipVerify: boolean;
}

/** The schema of {@link EtcdConf}. */
export const etcdConfig: ObjectSchema<EtcdConf> = object({
  Hosts: array(string()),
  Key: string(),
  ID: int64().default(0),
  User: string().optional(),
  Pass: string().optional().secret(),
  CertFile: string().optional(),
  CertKeyFile: string().optional().requiredWith("CertFile"),
  CACertFile: string().optional().requiredWith("CertFile"),
  InsecureSkipVerify: boolean().default(false),
});
