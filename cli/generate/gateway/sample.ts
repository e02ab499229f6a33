/**
 * Requests to try a route with.
 *
 * @module
 */

import type { GatewayMethod } from "../../../rpc/gateway/method.ts";
import type { PathTemplate } from "../../../rpc/gateway/template/path_template.ts";
import type { Binding } from "../../../rpc/gateway/transcode/binding.ts";
import { findPlace } from "../../../rpc/gateway/transcode/field_path.ts";
import { type FieldInfo, type FieldType, isMessage } from "../../../rpc/proto/field.ts";

/** A request that a route takes. */
export interface SampleRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path. */
  readonly path: string;
  /** A body of JSON; `undefined` for none. */
  readonly body: string | undefined;
}

/** A request that calls the method by this binding. */
export function sampleRequest(method: GatewayMethod, binding: Binding): SampleRequest {
  const { httpMethod, template, body } = binding;
  const isAny = httpMethod === "*";
  const path = samplePath(method, template);
  if (body === "none") return { method: isAny ? "GET" : httpMethod, path, body: undefined };
  const bound = new Set(template.variables.map(({ fieldPath }) => fieldPath[0]));
  const text = typeof body === "string"
    ? sampleMessage(method.input.fields.filter(({ name }) => !bound.has(name)))
    : sampleField(body);
  return { method: isAny ? "POST" : httpMethod, path, body: text };
}

function samplePath(method: GatewayMethod, { segments, variables, verb }: PathTemplate): string {
  const parts = segments.map((segment, at) => {
    if (segment.kind === "literal") return segment.text;
    const variable = variables.find(({ from, to }) => from === at && to === at + 1);
    const field = variable && findPlace(method.input, variable.fieldPath)?.fields.at(-1);
    return field ? sampleText(field.type) : "x";
  });
  return `/${parts.join("/")}${verb === "" ? "" : `:${verb}`}`;
}

const MESSAGES: Readonly<Record<string, string>> = {
  "google.protobuf.BoolValue": "true",
  "google.protobuf.BytesValue": "eA",
  "google.protobuf.Duration": "1s",
  "google.protobuf.FieldMask": "a",
  "google.protobuf.StringValue": "x",
  "google.protobuf.Timestamp": "2026-01-02T03:04:05Z",
};

/** A value as a path says it. */
function sampleText(type: FieldType): string {
  if (isMessage(type)) return MESSAGES[type.typeName] ?? "1";
  if (typeof type === "object") return type.nameOf(0) ?? "0";
  return { bool: "true", bytes: "eA", string: "x" }[type as string] ?? "1";
}

/** An object with the fields that hold one simple value. */
function sampleMessage(fields: readonly FieldInfo[]): string {
  const simple = fields.filter(({ type, repeated, map, oneof }) =>
    !repeated && map === undefined && oneof === undefined && !isMessage(type)
  );
  return `{${simple.map((it) => `${JSON.stringify(it.jsonName)}:${sampleField(it)}`).join(",")}}`;
}

/** A value as JSON. */
function sampleField({ type, repeated, map }: FieldInfo): string {
  if (repeated) return "[]";
  if (map !== undefined) return "{}";
  if (!isMessage(type)) return quoted(type) ? JSON.stringify(sampleText(type)) : sampleText(type);
  const text = MESSAGES[type.typeName];
  if (text !== undefined) return type.typeName.endsWith("BoolValue") ? text : JSON.stringify(text);
  if (type.typeName === "google.protobuf.ListValue") return "[]";
  return /^google\.protobuf\.(Double|Float|U?Int)\d*Value$/.test(type.typeName) ? "1" : "{}";
}

/** Whether JSON has it in quotes. */
function quoted(type: FieldType): boolean {
  return type === "string" || type === "bytes" || typeof type === "object";
}

/** A command line that sends a request to a service on this machine. */
export function curlOf({ method, path, body }: SampleRequest, port: number): string {
  const words = ["curl"];
  if (method !== (body === undefined ? "GET" : "POST")) words.push("-X", method);
  if (body !== undefined) words.push("--json", `'${body}'`);
  const url = `localhost:${port}${path}`;
  return [...words, /^[\w./:-]+$/.test(url) ? url : `'${url}'`].join(" ");
}
