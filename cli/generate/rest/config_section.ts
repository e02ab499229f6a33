/**
 * The sections of the configuration that `jwt` and `jwtTransition` of an `.api` file ask for.
 *
 * @module
 */

import type { RestModel } from "./model.ts";

/** A key of a section that the `.api` file asks for. */
export interface SectionKey {
  /** Name of the key. */
  readonly name: string;
  /** Its type in TypeScript. */
  readonly type: "string" | "number";
  /** Its schema. */
  readonly builder: string;
  /** What it means. */
  readonly about: string;
  /** Value in the yaml file. */
  readonly value: (section: string) => string;
}

const JWT_KEYS: readonly SectionKey[] = [
  {
    name: "AccessSecret",
    type: "string",
    builder: "string().check(checkSecret).secret()",
    about: "Secret that signs access tokens.",
    value: (section) => `\${${envName(section)}_ACCESS_SECRET}`,
  },
  {
    name: "AccessExpire",
    type: "number",
    builder: "int64().default(3600)",
    about: "Seconds that an access token lives.",
    value: () => "3600",
  },
];

const TRANSITION_KEYS: readonly SectionKey[] = [
  {
    name: "Secret",
    type: "string",
    builder: "string().check(checkSecret).secret()",
    about: "Secret that signs access tokens from now on.",
    value: (section) => `\${${envName(section)}_SECRET}`,
  },
  {
    name: "PrevSecret",
    type: "string",
    builder: "string().zero().secret()",
    about: "Secret before the last change: tokens signed with it are still taken.",
    value: (section) => `\${${envName(section)}_PREV_SECRET}`,
  },
];

/** A section that the `.api` file asks for. */
export interface Section {
  /** Name of the section. */
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  /** Its keys. */
  readonly keys: readonly SectionKey[];
}

/** Sections by name; one that serves as both kinds has the keys of both. */
export function sectionsOf({ jwtSections, transitionSections }: RestModel): Section[] {
  const names = [...new Set([...jwtSections, ...transitionSections])].sort();
  return names.map((name) => {
    const [jwt, transition] = [jwtSections.includes(name), transitionSections.includes(name)];
    const keys = [...(jwt ? JWT_KEYS : []), ...(transition ? TRANSITION_KEYS : [])];
    return { name, about: jwt ? "Access tokens." : "A change of the secret of tokens.", keys };
  });
}

/** `AUTH` of `Auth`. */
function envName(section: string): string {
  return section.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
