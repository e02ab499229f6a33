/**
 * The script of the console: asks `state` each second and draws what it says. What it draws comes from
 * clients in part, such as routes and reasons, so all of it is set as text and never as markup.
 */
export const CONSOLE_SCRIPT = String.raw`
const PERIOD_MS = 1000, KEPT = 120;
const history = new Map();
let last;

const byId = (id) => document.getElementById(id);
const fixed = (value, digits = 0) => Number.isFinite(value) ? value.toFixed(digits) : "–";
const mib = (bytes) => fixed(bytes / 1048576) + " MiB";

function element(name, attributes = {}, ...children) {
  const isSvg = name === "svg" || name === "path";
  const made = isSvg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.map((child) => child instanceof Node ? child : String(child)));
  return made;
}

function show(id, ...children) {
  byId(id).replaceChildren(...children);
}

function remember(name, value) {
  const values = history.get(name) ?? [];
  history.set(name, values);
  values.push(Number.isFinite(value) ? value : 0);
  if (values.length > KEPT) values.shift();
  return values;
}

function line(values, top) {
  const from = KEPT - values.length;
  return values.map((value, at) => (at ? "L" : "M") + (from + at) + " " + fixed(30 - 28 * value / top, 2)).join(" ");
}

function chart(values, floor, second) {
  const top = Math.max(floor, ...values, ...(second ?? []));
  const path = line(values, top);
  const svg = element("svg", { class: "chart", viewBox: "0 0 119 31", preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(element("path", { class: "fill", d: path + " L119 31 L" + (KEPT - values.length) + " 31 Z" }));
  svg.append(element("path", { d: path }));
  if (second) svg.append(element("path", { class: "second", d: line(second, top) }));
  return svg;
}

function tile(title, figure, note, picture) {
  return element("div", { class: "card" }, element("small", {}, title),
    element("div", { class: "figure" }, figure), element("small", {}, note), picture);
}

function bar(parts, total, mark) {
  const made = element("div", { class: "bar" });
  for (const [kind, value] of parts) {
    const part = element("span", { class: kind });
    part.style.width = (total > 0 ? 100 * Math.min(1, Math.max(0, value / total)) : 0) + "%";
    made.append(part);
  }
  if (mark !== undefined) {
    const line = element("i");
    line.style.left = 100 * Math.min(1, mark) + "%";
    made.append(line);
  }
  return made;
}

function card(name, state, kind, ...rest) {
  return element("div", { class: "card" },
    element("div", { class: "top" }, element("span", { class: "name" }, name), element("span", { class: "pill " + kind }, state)), ...rest);
}

const partsOf = (state, topic) => Object.entries(state.topics[topic] ?? {});
const listOf = (value, member) => Array.isArray(value) ? value : Array.isArray(value?.[member]) ? value[member] : [];
const itemsOf = (state, topic, member) => partsOf(state, topic).flatMap(([, value]) => listOf(value, member));

function drawTiles(state) {
  const seconds = last ? (state.wallTimeMs - last.wallTimeMs) / 1000 : NaN;
  let rate = 0, failed = 0;
  for (const [kind, count] of Object.entries(state.requests)) {
    const more = (count - (last?.requests[kind] ?? 0)) / seconds;
    rate += more;
    if (kind === "5xx") failed += more;
  }
  const shedders = itemsOf(state, "shedder");
  const inFlight = shedders.reduce((sum, { inFlight = 0 }) => sum + inFlight, 0);
  const rates = remember("rate", rate), failures = remember("failed", failed);
  const lags = remember("lag", state.lag.worstMs);
  show("tiles",
    tile("Requests a second", fixed(rate), fixed(failed) + " of them answered 5xx", chart(rates, 1, failures)),
    tile("In flight", inFlight, "seen by " + shedders.length + " shedders", chart(remember("inFlight", inFlight), 1)),
    tile("Event loop lag, worst", fixed(state.lag.worstMs, 1) + " ms", "mean " + fixed(state.lag.meanMs, 1) + " ms", chart(lags, 10)),
    tile("Processor", fixed(state.milliCpu / 10) + " %", "of one processor", chart(remember("cpu", state.milliCpu), 1000)),
    tile("Memory", mib(state.memory.rss), mib(state.memory.heapUsed) + " of them live objects", chart(remember("rss", state.memory.rss), 1)));
}

function breakerCard(it) {
  const kind = it.state === "closed" ? "good" : it.state === "open" ? "bad" : "warn";
  const title = it.lastFailures?.slice(0, 3).map((failure) => new Date(failure.wallTimeMs).toLocaleTimeString() + " " + failure.message).join("\n") ?? "";
  const made = card(it.name, it.state.replace("_", "-"), kind,
    bar([["good", it.accepted], ["bad", it.failed], ["warn", it.dropped]], it.total),
    element("small", {}, element("span", { class: "good" }, it.accepted + " accepted"), ", ",
      element("span", { class: "bad" }, it.failed + " failed"), ", ", element("span", { class: "warn" }, it.dropped + " refused"),
      " of " + it.total + "; refuses " + fixed(100 * it.dropRatio) + " %"));
  if (title) made.append(element("pre", { class: "quiet" }, title));
  return made;
}

function shedderCard(it) {
  const kind = !it.allowed ? "bad" : it.coolingOff || it.level >= it.threshold ? "warn" : "good";
  const word = !it.allowed ? "refuses" : it.coolingOff ? "cooling off" : "allows";
  return card(it.name, word, kind,
    bar([[kind, it.level]], 1000, it.threshold / 1000),
    element("small", {}, "pressure " + fixed(it.level) + " of 1000, too much from " + fixed(it.threshold)),
    bar([["quiet", it.inFlight]], Math.max(it.limit, it.inFlight)),
    element("small", {}, it.inFlight + " in flight, limit " + fixed(it.limit, 1) + ", best " + fixed(it.minLatencyMs, 1) + " ms"));
}

function section(id, title, cards) {
  const empty = cards.length === 0;
  show(id, element("h2", {}, title), empty ? element("p", { class: "quiet" }, "None.") : element("div", { class: "grid wide" }, ...cards));
}

const opened = new Set();

function details(key, title, value) {
  const made = element("details", opened.has(key) ? { open: "" } : {}, element("summary", {}, title));
  made.addEventListener("toggle", () => made.open ? opened.add(key) : opened.delete(key));
  made.append(element("pre", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
  return made;
}

function grouped(decisions) {
  const groups = new Map();
  for (const decision of decisions) {
    const key = decision.protection + " " + decision.target;
    const group = groups.get(key) ?? { key, count: 0, latest: decision };
    group.count++;
    if (decision.wallTimeMs > group.latest.wallTimeMs) group.latest = decision;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.latest.wallTimeMs - a.latest.wallTimeMs).slice(0, 50);
}

function drawDecisions(state) {
  const all = itemsOf(state, "decisions");
  const rows = grouped(all).map(({ key, count, latest }) => element("tr", {},
    element("td", { class: "time" }, new Date(latest.wallTimeMs).toLocaleTimeString()),
    element("td", {}, element("span", { class: "pill warn" }, latest.protection)),
    element("td", {}, latest.target),
    element("td", {}, count),
    element("td", {}, details("decision " + key, latest.id, latest.report))));
  const names = ["Last", "Who refused", "What", "Times", "Last decision and its inputs"];
  const head = element("tr", {}, ...names.map((it) => element("th", {}, it)));
  show("decisions", element("h2", {}, "Recent rejections"),
    rows.length === 0 ? element("p", { class: "quiet" }, "None.") : element("table", {}, head, ...rows),
    rows.length === 0 ? "" : element("small", {}, "Of the last " + all.length + ". Each answer names its decision; ",
      element("a", { href: "decisions" }, "all of them"), "."));
}

function drawOthers(state) {
  const known = ["breakers", "shedder", "decisions"];
  const others = Object.entries(state.topics).filter(([topic]) => !known.includes(topic));
  show("others", ...others.flatMap(([topic, parts]) => [element("h2", {}, topic),
    ...Object.entries(parts ?? {}).map(([name, value]) => details(topic + "/" + name, name, value))]));
}

function drawHead(state) {
  const names = state.services.map(({ name, mode }) => mode ? name + " (" + mode + ")" : name).join(", ");
  document.title = (state.health.ready ? "" : "not ready: ") + names;
  const waiting = state.health.probes.filter(({ ready }) => !ready).map(({ name }) => name);
  show("head", element("h1", {}, names || "process"),
    element("span", { class: "pill " + (state.health.ready ? "good" : "bad") }, state.health.ready ? "ready" : "not ready"),
    element("span", { class: "quiet" }, "pid " + state.pid + ", up " + uptime(state.uptimeSeconds) + (waiting.length ? ", waiting for " + waiting.join(", ") : "")));
  const linked = state.addresses.filter((address) => address !== "/debug/" && address !== "/debug");
  show("links", ...linked.map((address) => element("a", { href: address }, address)));
}

function uptime(seconds) {
  const whole = Math.floor(seconds), hours = Math.floor(whole / 3600);
  return (hours ? hours + " h " : "") + Math.floor(whole / 60) % 60 + " min " + whole % 60 + " s";
}

function draw(state) {
  drawHead(state);
  drawTiles(state);
  section("breakers", "Breakers", itemsOf(state, "breakers", "breakers").map(breakerCard));
  section("shedders", "Shedders", itemsOf(state, "shedder").map(shedderCard));
  drawDecisions(state);
  drawOthers(state);
  last = state;
}

async function poll() {
  if (!document.hidden) {
    try {
      const response = await fetch("state", { signal: AbortSignal.timeout(5000) });
      draw(await response.json());
      document.body.classList.remove("stale");
      byId("trouble").textContent = "";
    } catch (error) {
      document.body.classList.add("stale");
      byId("trouble").textContent = "No answer: " + error.message;
    }
  }
  setTimeout(poll, PERIOD_MS);
}
poll();
`;
