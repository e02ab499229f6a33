/**
 * What the files of a gateway are generated from.
 *
 * @module
 */

import type { Diagnostic } from "../../api/diagnostic.ts";
import type { MethodNode, ProtoFile } from "../../proto/ast.ts";
import type { ProtoProgram } from "../../proto/compile.ts";
import { diagnosticAt } from "../../proto/fault.ts";
import { DescriptorPool } from "../../../rpc/gateway/dynamic/descriptor_pool.ts";
import type { Caller, GatewayMethod } from "../../../rpc/gateway/method.ts";
import { servicesOfPool } from "../../../rpc/gateway/service/described_service.ts";
import { TemplateTable } from "../../../rpc/gateway/template/template_table.ts";
import {
  type Binding,
  bindingOfMapping,
  bindingsOfRule,
  type RouteMapping,
} from "../../../rpc/gateway/transcode/binding.ts";
import { splitWords, StemScope } from "../naming.ts";
import { descriptorSetOf } from "./descriptor_set.ts";
import type { GatewayOptions, UpstreamOptions } from "./options.ts";
import { type SampleRequest, sampleRequest } from "./sample.ts";

/** A way to call a method. */
export interface RouteModel {
  /** The method to call, `shop.v1.Orders/Get`. */
  readonly rpcPath: string;
  /** The HTTP method and the path, as the annotation or the mapping has it. */
  readonly title: string;
  /** A request that it takes. */
  readonly sample: SampleRequest;
}

/** A service behind the gateway. */
export interface UpstreamModel {
  readonly options: UpstreamOptions;
  /** Path of its descriptor set. */
  readonly setPath: string;
  /** What is in it. */
  readonly set: Uint8Array;
  /** Routes by annotations. */
  readonly annotated: readonly RouteModel[];
  /** Routes for methods that have no annotation. */
  readonly mappings: readonly (RouteModel & { readonly mapping: RouteMapping })[];
}

/** A whole gateway. */
export interface GatewayModel {
  readonly options: GatewayOptions;
  readonly upstreams: readonly UpstreamModel[];
  /**
   * Whether the routes of mappings are served from the start: only where no method is annotated. Where some are, the
   * others may be for other services alone.
   */
  readonly mapsAll: boolean;
}

/** The routes that are served from the start. */
export function servedRoutes({ upstreams, mapsAll }: GatewayModel): readonly RouteModel[] {
  return upstreams.flatMap(({ annotated, mappings }) => mapsAll ? mappings : annotated);
}

/** The model of a program, and what is wrong with its routes. */
export function gatewayModel(
  program: ProtoProgram,
  options: GatewayOptions,
): { model: GatewayModel; diagnostics: readonly Diagnostic[] } {
  const reader = new RouteReader();
  const upstreams = options.upstreams.map((upstream): UpstreamModel => {
    const files = program.mains.filter(({ path }) => upstream.files.includes(path));
    const set = descriptorSetOf(files, program);
    const setPath = `etc/${upstream.name}.gen.pb`;
    return { options: upstream, setPath, set, ...reader.read(files, set) };
  });
  const mapsAll = upstreams.every(({ annotated }) => annotated.length === 0);
  const model = { options, upstreams, mapsAll };
  return { model, diagnostics: reader.diagnostics };
}

const NO_CALLER: Caller = {
  unary: () => Promise.reject(new Error("never called")),
  stream: () => {
    throw new Error("never called");
  },
};

/** Reads routes the way the gateway does when it starts. */
class RouteReader {
  readonly diagnostics: Diagnostic[] = [];
  /** Routes of all upstreams, to tell two that take the same paths. */
  readonly #table = new TemplateTable<string>();

  /** Paths of mappings: names may differ in capitals alone. */
  readonly #paths = new StemScope((path = "") => path);

  read(
    files: readonly ProtoFile[],
    set: Uint8Array,
  ): Pick<UpstreamModel, "annotated" | "mappings"> {
    const methods = new Map(
      servicesOfPool(DescriptorPool.fromSets(set), NO_CALLER)
        .flatMap(({ methods }) => methods.map((method) => [method.path, method] as const)),
    );
    const annotated: RouteModel[] = [];
    const mappings: UpstreamModel["mappings"][number][] = [];
    for (const service of files.flatMap(({ services }) => services)) {
      for (const node of service.methods) {
        const method = methods.get(`/${service.fullName}/${node.name}`);
        if (method === undefined) continue; // Those of gRPC itself are for operators.
        const bindings = this.#bindings(node, method);
        annotated.push(...bindings.map((binding) => routeModel(method, binding)));
        if (method.rule !== undefined) continue;
        const mapping = mappingOf(method, this.#paths);
        mappings.push({ ...routeModel(method, bindingOfMapping(mapping)), mapping });
      }
    }
    return { annotated, mappings };
  }

  #bindings(node: MethodNode, method: GatewayMethod): Binding[] {
    try {
      const bindings = bindingsOfRule(method);
      for (const { httpMethod, template } of bindings) {
        this.#table.add(httpMethod, template, method.path);
      }
      return bindings;
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      this.diagnostics.push(diagnosticAt(ruleOf(node), "E-http", error.message));
      return [];
    }
  }
}

/** Where the annotation of a method stands. */
function ruleOf({ options, pos }: MethodNode) {
  return options.find(({ name }) => name[0]?.name.endsWith("google.api.http"))?.pos ?? pos;
}

function routeModel(method: GatewayMethod, binding: Binding): RouteModel {
  return {
    rpcPath: method.path.slice(1),
    title: `${binding.httpMethod} ${binding.template.text}`,
    sample: sampleRequest(method, binding),
  };
}

/** `shop.v1.OrderBook/GetOrder` at `POST /shop/v1/order-book/get-order`. */
function mappingOf({ path }: GatewayMethod, paths: StemScope): RouteMapping {
  const words = path.slice(1).split(/[./]/).map((part) => splitWords(part).join("-").toLowerCase());
  return { Method: "post", Path: paths.claim(`/${words.join("/")}`), RpcPath: path.slice(1) };
}
