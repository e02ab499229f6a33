/**
 * What the machine offers to a service.
 *
 * @module
 */

import { compareVersions } from "../../core/stringx/compare_versions.ts";
import { isFile } from "../files.ts";
import { type Framework, framework } from "./framework.ts";

/** What `zeno env` tells. */
export interface Environment {
  /** The framework. */
  readonly zeno: Framework;
  /** Versions of the runtime. */
  readonly deno: { readonly version: string; readonly v8: string; readonly typescript: string };
  /** Whether services are known to run well on this version of the runtime, and if not, why. */
  readonly support: Support;
  /** The system. */
  readonly os: { readonly name: string; readonly arch: string; readonly cpus: number };
  /** Path of each program that services or their tests use, `null` when it is not there. */
  readonly programs: Readonly<Record<string, string | null>>;
}

/** What is known about a version of Deno. */
export interface Support {
  /** Whether it is the version that the framework is tested with, or an older one that held. */
  readonly supported: boolean;
  /** What is known about it. */
  readonly note: string;
}

const PROGRAMS = [
  "deno",
  "docker",
  "etcd",
  "git",
  "go",
  "kubectl",
  "mariadbd",
  "mongod",
  "mysqld",
  "postgres",
  "redis-server",
];

/** Asks the runtime and looks along `PATH`. */
export function environment(): Environment {
  const { deno: version, v8, typescript } = Deno.version;
  return {
    zeno: framework(),
    deno: { version, v8, typescript },
    support: supportOf(version),
    os: { name: Deno.build.os, arch: Deno.build.arch, cpus: navigator.hardwareConcurrency },
    programs: Object.fromEntries(PROGRAMS.map((name) => [name, findProgram(name) ?? null])),
  };
}

/**
 * What is known about a version of Deno.
 *
 * 2.9.4 to 2.9.6 end the process when a gRPC client goes away with open streams.
 */
export function supportOf(fullVersion: string): Support {
  const [version = ""] = fullVersion.split("+", 1); // What follows names the build.
  const order = compareVersions(version, "2.9.3");
  if (order === 0) return { supported: true, note: "the version that Zeno is tested with" };
  if (compareVersions(version, "2.7.0") < 0) {
    return { supported: false, note: "too old; install 2.9.3" };
  }
  if (order < 0) {
    return { supported: true, note: "older than the version that Zeno is tested with" };
  }
  if (compareVersions(version, "2.9.6") <= 0) {
    return {
      supported: false,
      note: "gRPC servers abort when a client leaves with open streams; install 2.9.3",
    };
  }
  return { supported: false, note: "newer than 2.9.3, the version that Zeno is tested with" };
}

function findProgram(name: string): string | undefined {
  const windows = Deno.build.os === "windows";
  const folders = (Deno.env.get("PATH") ?? "").split(windows ? ";" : ":").filter(Boolean);
  return folders.map((folder) => `${folder}/${name}${windows ? ".exe" : ""}`).find(isFile);
}
