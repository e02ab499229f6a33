/**
 * The services of a server and what answers their methods.
 *
 * @module
 */

import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import type { ServedMethod } from "../transport/transport.ts";
import type { ServerLayer } from "./chain.ts";
import type { RpcEnvironment } from "./environment.ts";
import { healthService } from "./grpc/health/v1/health.gen.ts";
import { serverReflectionService as reflectionV1 } from "./grpc/reflection/v1/reflection.gen.ts";
import { serverReflectionService as reflectionV1Alpha } from "./grpc/reflection/v1alpha/reflection.gen.ts";
import type { Implementation, ServerInterceptor } from "./handler.ts";
import { HealthService } from "./health_service.ts";
import { reflectionOf } from "./reflection_service.ts";
import { type Endpoint, endpointOf } from "./endpoint.ts";
import type { MethodFunction } from "./innermost.ts";

/** A method with its function and the layers around it. */
interface Entry {
  readonly method: MethodInfo;
  readonly handler: MethodFunction;
  /** The layers it goes through; all, and the interceptors of the user, if there are none named. */
  readonly layers: readonly string[] | undefined;
  /** What serves it, once that is made. */
  endpoint: Endpoint | undefined;
}

/** An interceptor with the name of its layer. */
interface NamedInterceptor {
  readonly name: string;
  readonly interceptor: ServerInterceptor | undefined;
}

/** Which services of gRPC's own there are. */
export interface OwnServices {
  /** Health checks. They go around the chain: a server under load must not fail its probe. */
  readonly health: boolean;
  /** Reflection. It asks for tokens where the other services do. */
  readonly reflection: boolean;
}

/** Holds services, and puts the chain around their methods. */
export class MethodBook {
  /** The statuses of the services. */
  readonly health: HealthService = new HealthService();
  readonly #layers: readonly ServerLayer[];
  #environment: RpcEnvironment;
  readonly #services = new Map<string, ServiceInfo>();
  readonly #entries: Entry[] = [];
  readonly #interceptors: ServerInterceptor[] = [];

  /** Makes a book of gRPC's own services. */
  constructor(layers: readonly ServerLayer[], environment: RpcEnvironment, own: OwnServices) {
    this.#layers = layers;
    this.#environment = environment;
    if (own.health) this.#add(healthService, this.health.implementation, ["Recover"]);
    if (own.reflection) {
      const implementation = reflectionOf(() => [...this.#services.values()]);
      for (const service of [reflectionV1, reflectionV1Alpha]) {
        this.#add(service, implementation, ["Recover", "Auth"]);
      }
    }
  }

  /**
   * Adds a service.
   *
   * @throws {TypeError} If it is there already, or if a function is missing.
   */
  add<M extends Methods>(service: ServiceInfo<M>, implementation: Implementation<M>): void {
    this.#add(service, implementation, undefined);
    this.health.set(service.typeName, true);
  }

  /** Serves calls that come from now on with another configuration; those in flight end as they began. */
  configure(environment: RpcEnvironment): void {
    this.#environment = environment;
    const chain = this.#chain();
    for (const entry of this.#entries) {
      entry.endpoint?.configure({ chain: interceptorsFor(entry, chain), environment });
    }
  }

  /** Adds interceptors around all methods but gRPC's own. */
  use(interceptors: readonly ServerInterceptor[]): void {
    this.#interceptors.push(...interceptors);
  }

  /** The methods, in the order they were added. */
  methods(): MethodInfo[] {
    return this.#entries.map(({ method }) => method);
  }

  /** The methods with the chain around them. */
  served(): ServedMethod[] {
    const environment = this.#environment;
    const chain = this.#chain();
    return this.#entries.map((entry) => {
      const { method, handler, layers } = entry;
      const surroundings = { chain: interceptorsFor(entry, chain), environment };
      const interceptors = layers ? [] : this.#interceptors;
      entry.endpoint = endpointOf(method, handler, interceptors, surroundings);
      return entry.endpoint.served;
    });
  }

  #chain(): NamedInterceptor[] {
    return this.#layers.map((layer) => ({
      name: layer.name,
      interceptor: layer.create(this.#environment),
    }));
  }

  #add(
    service: ServiceInfo,
    implementation: Readonly<Record<string, unknown>>,
    layers: readonly string[] | undefined,
  ): void {
    const { typeName, methods } = service;
    if (this.#services.has(typeName)) {
      throw new TypeError(`Cannot add service ${typeName}: it was added before`);
    }
    const entries = Object.entries(methods).map(([key, method]): Entry => {
      if (typeof implementation[key] !== "function") {
        throw new TypeError(`Cannot add service ${typeName}: there is no function "${key}"`);
      }
      // Looked up with each call, so that a test can replace it, and called as what it is: a method.
      const handler: MethodFunction = (request, context) =>
        (implementation[key] as MethodFunction)(request, context);
      return { method, handler, layers, endpoint: undefined };
    });
    this.#services.set(typeName, service);
    this.#entries.push(...entries);
  }
}

function interceptorsFor(
  { layers }: Entry,
  chain: readonly NamedInterceptor[],
): ServerInterceptor[] {
  return chain.filter(({ name }) => !layers || layers.includes(name))
    .map(({ interceptor }) => interceptor).filter((each) => each !== undefined);
}
