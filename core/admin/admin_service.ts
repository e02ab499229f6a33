import type { Logger } from "../log/logger.ts";
import type { HealthRegistry } from "../proc/health.ts";
import type { Schema } from "../schema/field.ts";

/** One service of the process, as the admin pages know it. */
export interface AdminService {
  /** What the service is called. */
  readonly name: string;
  /** Where it runs, such as `pro`. */
  readonly mode?: string | undefined;
  /** Its config, which is shown with its secrets masked. */
  readonly config?: unknown;
  /** The schema the config was read with; its `secret()` fields are masked. */
  readonly configSchema?: Pick<Schema<unknown>, "definition"> | undefined;
  /** Its probes. */
  readonly health?: HealthRegistry | undefined;
  /** Its logger, whose level can be changed. */
  readonly log?: Pick<Logger, "enabled" | "setLevel"> | undefined;
}
