/**
 * From a request to a response: routes, the chain around each, and the dispatch between them.
 *
 * @module
 */

import { chainFor, type ChainLayer } from "./chain.ts";
import { type ConnectionInfo, Context } from "./context.ts";
import type { ServerEnvironment } from "./environment.ts";
import { BadRequestError, MethodNotAllowedError, NotFoundError } from "./errors.ts";
import { compose, type Handler, type Middleware } from "./handler.ts";
import { MountTable } from "./mount.ts";
import type { Route, RouteGroup, RouteInfo, RouteOptions, RouteSettings } from "./route.ts";
import { RadixRouter } from "./router/radix_router.ts";
import { canonicalPath, joinPattern } from "./router/path.ts";
import type { Router } from "./router/router.ts";

/** A route with its settings, and its handler with the chain around it once that is made. */
interface Endpoint {
  /** What the route and its group say, which holds whatever the defaults are. */
  readonly route: Route;
  readonly group: RouteGroup;
  settings: RouteSettings;
  /** The handler with the middleware of the program around it, once that is made. */
  inner: Handler | undefined;
  /** All of it, once that is made. */
  chained: Handler | undefined;
}

/** What of an engine can change while it answers. */
export interface EngineConfiguration {
  /** What a route's settings are where neither it nor its group says. */
  defaults: Omit<RouteSettings, "method" | "pattern">;
  /** What the requests share. */
  environment: ServerEnvironment;
}

/** Options for {@link Engine}. */
export interface EngineOptions extends EngineConfiguration {
  /** The chain, outermost first. */
  layers: readonly ChainLayer[];
  /** Answers paths that no route has, inside the chain. */
  notFound?: Handler | undefined;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/** Holds the routes and dispatches requests to them. It knows nothing of listening. */
export class Engine {
  readonly #layers: readonly ChainLayer[];
  #configuration: EngineConfiguration;
  readonly #router: Router<Endpoint> = new RadixRouter();
  readonly #mounts = new MountTable<Endpoint>();
  readonly #endpoints: Endpoint[] = [];
  readonly #middleware: Middleware[] = [];
  readonly #unmatched: Endpoint;

  /** Makes an engine without routes. */
  constructor(options: EngineOptions) {
    const { layers, notFound, defaults, environment } = options;
    this.#layers = layers;
    this.#configuration = { defaults, environment };
    const handler: Handler = (request, context) =>
      this.#answerUnmatched(request, context, notFound);
    this.#unmatched = this.#endpoint({ method: "", path: "", handler }, {}, "");
  }

  /** Answers requests that come from now on by other settings; those in flight end as they began. */
  configure({ defaults, environment }: EngineConfiguration): void {
    this.#configuration = { defaults, environment };
    for (const endpoint of [this.#unmatched, ...this.#endpoints]) {
      const { route, group, settings } = endpoint;
      endpoint.settings = this.#settingsOf(route, group, settings.pattern);
      endpoint.chained = undefined;
    }
  }

  /** Adds middleware for all routes, whenever they are or were added. */
  use(middleware: readonly Middleware[]): void {
    this.#middleware.push(...middleware);
    for (const endpoint of this.#endpoints) endpoint.inner = endpoint.chained = undefined;
  }

  /** Adds a route; throws at once if it clashes with one that is there. */
  add(route: Route, group: RouteGroup): void {
    const pattern = joinPattern(group.prefix ?? "", checkedPath(route.path));
    const endpoint = this.#endpoint(route, group, pattern);
    this.#router.add(route.method, pattern, endpoint);
    this.#endpoints.push(endpoint);
  }

  /** Adds what answers for all that is at and below `prefix` and that no route has, whatever the method. */
  handle(prefix: string, handler: Handler, options: RouteOptions): void {
    const pattern = joinPattern(prefix, "/*");
    const endpoint = this.#endpoint(
      { ...options, method: "ANY", path: "/*", handler },
      {},
      pattern,
    );
    this.#mounts.add(prefix, endpoint);
    this.#endpoints.push(endpoint);
  }

  #endpoint(route: Route, group: RouteGroup, pattern: string): Endpoint {
    const settings = this.#settingsOf(route, group, pattern);
    return { route, group, settings, inner: undefined, chained: undefined };
  }

  #settingsOf(route: Route, group: RouteGroup, pattern: string): RouteSettings {
    const { defaults } = this.#configuration;
    const criticality = route.criticality ?? group.criticality;
    const priority = route.priority ?? group.priority ?? criticality === "critical";
    return {
      method: route.method,
      pattern,
      timeoutMs: route.timeoutMs ?? group.timeoutMs ?? defaults.timeoutMs,
      maxBytes: route.maxBytes ?? group.maxBytes ?? defaults.maxBytes,
      maxConns: route.maxConns ?? group.maxConns ?? defaults.maxConns,
      priority,
      criticality: criticality ?? (priority ? "critical" : defaults.criticality),
      watchDisconnect: route.watchDisconnect ?? group.watchDisconnect ?? defaults.watchDisconnect,
      layers: { ...defaults.layers, ...group.layers, ...route.layers },
    };
  }

  /** The routes in the order they were added. */
  routes(): RouteInfo[] {
    return this.#endpoints.map(({ settings }) => ({
      method: settings.method,
      path: settings.pattern,
    }));
  }

  /** Answers a request. It waits only if the handler does. */
  dispatch(request: Request, info: ConnectionInfo | undefined): Response | Promise<Response> {
    const path = canonicalPath(request.url);
    const match = path === undefined ? undefined : this.#match(request.method, path);
    const endpoint = match ? match.value : this.#mounted(path) ?? this.#unmatched;
    const context = new Context({
      request,
      path: path ?? "",
      params: match ? match.params : NO_PARAMS,
      route: endpoint.settings,
      environment: this.#configuration.environment,
      info,
    });
    const result = (endpoint.chained ?? this.#chain(endpoint))(request, context);
    // A listener says itself when the answer is out; without one it is out when it is made. Reading
    // `completed` would make its promise, so only its presence is looked at.
    return info && "completed" in info ? result : finished(result, context);
  }

  #mounted(path: string | undefined): Endpoint | undefined {
    return path === undefined ? undefined : this.#mounts.find(path);
  }

  #match(method: string, path: string) {
    const match = this.#router.match(method, path);
    // The runtime strips the body of an answer to HEAD.
    return match ?? (method === "HEAD" ? this.#router.match("GET", path) : undefined);
  }

  #chain(endpoint: Endpoint): Handler {
    const { environment } = this.#configuration;
    const inner = endpoint.inner ??= this.#inner(endpoint);
    return endpoint.chained = compose(
      chainFor(this.#layers, endpoint.settings, environment),
      inner,
    );
  }

  #inner(endpoint: Endpoint): Handler {
    const { route, group } = endpoint;
    const innermost: Handler = (request, context) => {
      context.request = request;
      return route.handler(request, context);
    };
    if (endpoint === this.#unmatched) return innermost;
    const { middleware: ofGroup = [] } = group;
    const { middleware: ofRoute = [] } = route;
    return compose([...this.#middleware, ...ofGroup, ...ofRoute], innermost);
  }

  #answerUnmatched(
    request: Request,
    context: Context,
    notFound: Handler | undefined,
  ): Response | Promise<Response> {
    if (context.path === "") {
      throw new BadRequestError("Cannot route request: its path is malformed");
    }
    const allowed = this.#router.allowed(context.path);
    if (allowed.length > 0) {
      if (allowed.includes("GET") && !allowed.includes("HEAD")) allowed.push("HEAD");
      throw new MethodNotAllowedError(request.method, context.path, allowed.sort());
    }
    if (notFound) return notFound(request, context);
    throw new NotFoundError(context.path);
  }
}

async function finished(result: Response | Promise<Response>, context: Context): Promise<Response> {
  const response = await result;
  context.finish();
  return response;
}

/** `joinPattern` would mend a missing slash in silence; in a route it is a slip worth telling. */
function checkedPath(path: string): string {
  if (path.startsWith("/")) return path;
  throw new SyntaxError(`Cannot add route ${JSON.stringify(path)}: the path must begin with "/"`);
}
