import { type Clock, systemClock } from "../clock.ts";
import type { JsonValue } from "../log/record.ts";
import { MetricRegistry } from "../metric/registry.ts";
import { metricsResponse, type SnapshotSource } from "../metric/respond.ts";
import type { AdminService } from "./admin_service.ts";
import { consolePage } from "./_console_page.ts";
import { DebugRegistry } from "./debug_registry.ts";
import { combinedHealth, healthAnswer } from "./_health_answer.ts";
import { logLevelAnswer } from "./_log_level.ts";
import { maskConfig } from "./mask_config.ts";
import { ProcessWatch } from "./_process_state.ts";
import { heapAnswer, profileAnswer } from "./_profile_answer.ts";
import { answer, errorAnswer, jsonAnswer } from "./_respond.ts";

/** Options for {@link AdminHandler}. */
export interface AdminHandlerOptions {
  /** The metrics to show; `false` for no such page. @default {an empty registry} */
  metrics?: MetricRegistry | false | undefined;
  /** What a scrape shows, where it is more than `metrics`. @default {metrics} */
  scraped?: SnapshotSource | undefined;
  /** The parts whose state is shown. @default {an empty registry} */
  debug?: DebugRegistry | undefined;
  /** Whether CPU profiles and heap snapshots can be taken. @default {true} */
  profiling?: boolean | undefined;
  /** Address of the metrics. @default {"/metrics"} */
  metricsPath?: string | undefined;
  /** Address of the health check. @default {"/healthz"} */
  healthPath?: string | undefined;
  /** What a healthy process answers. @default {"OK"} */
  healthResponse?: string | undefined;
  /** Names of this machine that requests may ask for. @default {any} */
  isKnownHost?: ((hostname: string) => boolean) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

type Answer = (request: Request, url: URL) => Response | Promise<Response>;

interface Page {
  readonly methods: readonly string[];
  readonly answer: Answer;
}

const READ = ["GET", "HEAD"];

/**
 * Answers the requests of the dev server. It is a fetch handler, so it can also be mounted elsewhere,
 * behind whatever keeps strangers out: there is no access control in it.
 *
 * | address | answers |
 * |---|---|
 * | `/` | the addresses there are, as JSON |
 * | `/healthz`, `/readyz` | 200 when all probes of all services are ready, else 503 with a line for each |
 * | `/livez` | 200: the process answers |
 * | `/metrics` | Prometheus text, or OpenMetrics with exemplars if the request prefers it |
 * | `/debug/` | the live console |
 * | `/debug/state` | what the console shows, as JSON |
 * | `/debug/config` | the config of each service, its secrets masked |
 * | `/debug/log-level` | the level of each logger; `PUT` changes it |
 * | `/debug/profile?seconds=N` | a CPU profile |
 * | `/debug/heap` | a heap snapshot |
 * | `/debug/<topic>`, `/debug/decisions/<id>` | the state of registered parts, or one entry with that `id` |
 *
 * Environment variables are nowhere shown. A request that another web site made a browser send is
 * refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using admin = new AdminHandler();
 * using _service = admin.attach({ name: "greet", config: { Name: "greet", Password: "hunter2" } });
 * const response = await admin.fetch(new Request("http://localhost/debug/config"));
 * assertEquals(await response.json(), { greet: { Name: "greet", Password: "***" } });
 * ```
 */
export class AdminHandler implements Disposable {
  readonly #options: AdminHandlerOptions;
  readonly #clock: Clock;
  readonly #debug: DebugRegistry;
  readonly #services = new Map<string, AdminService>();
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #watch: ProcessWatch;
  readonly #stopping = new AbortController();

  /** Makes a handler that knows no service yet. */
  constructor(options: AdminHandlerOptions = {}) {
    const { metrics = new MetricRegistry(), clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#debug = options.debug ?? new DebugRegistry();
    this.#watch = new ProcessWatch({ clock, metrics: metrics || undefined });
    this.#pages = new Map([...this.#publicPages(metrics), ...this.#debugPages()]);
  }

  /** Shows a service until the answer is disposed. Two of one name are told apart by a number. */
  attach(service: AdminService): Disposable {
    let key = service.name;
    for (let number = 2; this.#services.has(key); number++) key = `${service.name} #${number}`;
    this.#services.set(key, service);
    return {
      [Symbol.dispose]: () => {
        if (this.#services.get(key) === service) this.#services.delete(key);
      },
    };
  }

  /** Answers a request. Never throws. */
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const refusal = this.#refusal(request, url);
    if (refusal) return refusal;
    const page = this.#pages.get(url.pathname) ?? this.#topicPage(url.pathname);
    if (!page) return errorAnswer(404, `Cannot find ${url.pathname}: see / for what there is`);
    if (!page.methods.includes(request.method)) {
      const allow = page.methods.join(", ");
      return errorAnswer(405, `Cannot ${request.method} ${url.pathname}: use ${allow}`, { allow });
    }
    return await page.answer(request, url);
  }

  /** Ends profiles that are being taken, and looks at nothing any more. */
  [Symbol.dispose](): void {
    this.#stopping.abort(new DOMException("The dev server is stopping", "AbortError"));
    this.#watch[Symbol.dispose]();
  }

  /** What is here is worth stealing, and a browser of somebody inside can be made to ask for it. */
  #refusal(request: Request, url: URL): Response | undefined {
    const { isKnownHost } = this.#options;
    if (isKnownHost && !isKnownHost(url.hostname)) {
      const message = `Cannot answer for host ${url.hostname}: ask for localhost`;
      return errorAnswer(421, message);
    }
    const site = request.headers.get("sec-fetch-site");
    if (site === null || site === "same-origin" || site === "none") return undefined;
    // A click on a link in a chat or a ticket is how people come here.
    if (request.headers.get("sec-fetch-mode") === "navigate" && url.pathname === "/debug/") return;
    return errorAnswer(403, "Cannot answer requests that another site sends");
  }

  *#publicPages(metrics: MetricRegistry | false): Iterable<[string, Page]> {
    const { healthPath = "/healthz", healthResponse = "OK", metricsPath = "/metrics" } =
      this.#options;
    const ready = page(() => healthAnswer(this.#health(), healthResponse));
    yield ["/", page(() => jsonAnswer(this.#addresses()))];
    yield ["/livez", page(() => answer("OK", "text/plain; charset=utf-8"))];
    yield ["/readyz", ready];
    yield [healthPath, ready];
    if (!metrics) return;
    const { scraped = metrics } = this.#options;
    yield [metricsPath, page((request) => metricsResponse(scraped, request))];
  }

  *#debugPages(): Iterable<[string, Page]> {
    const moved = () => new Response(null, { status: 308, headers: { location: "/debug/" } });
    const { profiling = true } = this.#options;
    const { signal } = this.#stopping;
    const clock = this.#clock;
    yield ["/debug", page(moved)];
    yield ["/debug/", page(() => consolePage())];
    yield ["/debug/state", page(() => jsonAnswer(this.#state()))];
    yield ["/debug/config", page(() => jsonAnswer(this.#configs()))];
    yield ["/debug/log-level", {
      methods: [...READ, "PUT"],
      answer: (request) => logLevelAnswer(request, this.#logs()),
    }];
    if (!profiling) return;
    yield ["/debug/heap", page(() => heapAnswer(this.#fileName()))];
    yield ["/debug/profile", {
      methods: ["GET"],
      answer: (_request, url) => profileAnswer(url, { signal, clock, name: this.#fileName() }),
    }];
  }

  #topicPage(path: string): Page | undefined {
    const [, section, topic = "", id, ...rest] = path.split("/");
    if (section !== "debug" || rest.length > 0) return undefined;
    const state = this.#debug.read(topic);
    if (!state) return undefined;
    if (id === undefined) return page(() => jsonAnswer(state));
    const entry = entryOf(state, id);
    return entry === undefined ? undefined : page(() => jsonAnswer(entry));
  }

  #addresses(): string[] {
    const topics = this.#debug.topics().map((topic) => `/debug/${topic}`);
    return [...new Set([...this.#pages.keys(), ...topics])];
  }

  #health() {
    const registries = Array.from(this.#services.values(), ({ health }) => health);
    return combinedHealth(registries.filter((health) => health !== undefined));
  }

  #configs(): Record<string, JsonValue> {
    const shown = Array.from(
      this.#services,
      ([name, { config, configSchema }]) => [name, maskConfig(config ?? null, configSchema)],
    );
    return Object.fromEntries(shown);
  }

  #logs() {
    const logs = new Map<string, NonNullable<AdminService["log"]>>();
    for (const [name, { log }] of this.#services) if (log) logs.set(name, log);
    return logs;
  }

  #state() {
    // Routes do not change, and there may be many.
    const topics = this.#debug.topics().filter((topic) => topic !== "routes");
    return {
      ...this.#watch.state(),
      services: Array.from(this.#services, ([name, { mode }]) => ({ name, mode })),
      health: this.#health(),
      addresses: this.#addresses(),
      topics: Object.fromEntries(topics.map((topic) => [topic, this.#debug.read(topic)])),
    };
  }

  #fileName(): string {
    const [name = "process"] = this.#services.keys();
    return `${name}-${new Date(this.#clock.wallTime()).toJSON()}`;
  }
}

function page(answer: Answer): Page {
  return { methods: READ, answer };
}

/** The entry with this `id` in the list of any part. */
function entryOf(state: Readonly<Record<string, JsonValue>>, id: string): JsonValue | undefined {
  const lists = Object.values(state).filter((part) => Array.isArray(part));
  return lists.flat().find((entry) =>
    typeof entry === "object" && entry !== null && "id" in entry && entry.id === id
  );
}
