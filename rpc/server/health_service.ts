/**
 * Whether a server serves, for those who ask in gRPC's own way.
 *
 * @see https://grpc.io/docs/guides/health-checking/
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { RpcContext } from "./context.ts";
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthListResponse,
  type HealthMethods,
} from "./grpc/health/v1/health.gen.ts";
import type { Implementation } from "./handler.ts";

/** Watchers of one server; more are refused. */
const MAX_WATCHERS = 1_000;

/**
 * The statuses of services. Under the empty name is that of the server. Once it is shut down all are `NOT_SERVING`, and
 * nothing changes that.
 */
export class HealthService {
  /** The functions of `grpc.health.v1.Health`. */
  readonly implementation: Implementation<HealthMethods> = {
    check: ({ service }) => this.#check(service),
    list: () => this.#list(),
    watch: (request, context) => this.#watch(request, context),
  };
  readonly #statuses = new Map<string, ServingStatus>([["", ServingStatus.NOT_SERVING]]);
  #changed = Promise.withResolvers<void>();
  #watchers = 0;
  #isDown = false;

  /** Says whether a service serves; the server itself has the empty name. */
  set(service: string, serving: boolean): void {
    if (this.#isDown) return;
    this.#statuses.set(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    this.#tell();
  }

  /** Says for good that nothing serves any more. */
  shutdown(): void {
    this.#isDown = true;
    for (const service of this.#statuses.keys()) {
      this.#statuses.set(service, ServingStatus.NOT_SERVING);
    }
    this.#tell();
  }

  #tell(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
  }

  #check(service: string): HealthCheckResponse {
    const status = this.#statuses.get(service);
    if (status === undefined) throw new ServiceError("not_found", "unknown service");
    return { status };
  }

  #list(): HealthListResponse {
    return {
      statuses: new Map(Array.from(this.#statuses, ([name, status]) => [name, { status }])),
    };
  }

  async *#watch(
    { service }: HealthCheckRequest,
    context: RpcContext,
  ): AsyncGenerator<HealthCheckResponse> {
    if (this.#watchers >= MAX_WATCHERS) {
      throw new ServiceError("resource_exhausted", `Cannot watch: ${MAX_WATCHERS} watch already`);
    }
    this.#watchers++;
    const gone = Promise.withResolvers<void>();
    context.call.onCancel(gone.resolve);
    let told: ServingStatus | undefined;
    try {
      while (!context.aborted) {
        const status = this.#statuses.get(service) ?? ServingStatus.SERVICE_UNKNOWN;
        const { promise } = this.#changed;
        if (status !== told) {
          yield { status: told = status };
          continue; // It may have changed while nobody asked.
        }
        // The last word has been said, and a stream that stays open would hold up the stop.
        if (this.#isDown) return;
        await Promise.race([promise, gone.promise]);
      }
    } finally {
      this.#watchers--;
    }
  }
}
