/**
 * Rules of the tag `validate` that no schema can say.
 *
 * @module
 */

import type { Diagnostic } from "../../../api/diagnostic.ts";
import type { Field } from "../../../api/spec.ts";
import { membersOf } from "../member.ts";
import type { RestModel } from "../model.ts";
import { validationOf } from "./validation.ts";

/** A warning for each of them, in requests: nothing else is checked. */
export function checkRules({ spec, usage, options }: RestModel): Diagnostic[] {
  const context = { int64: options.int64, useRule: (helper: string) => helper };
  const warnings = (field: Field): Diagnostic[] => {
    const inner = field.type.kind === "struct" ? field.type.fields.flatMap(warnings) : [];
    const own = membersOf([field], new Map()).flatMap((member) =>
      validationOf(member, context).unknown.map((rule) => warning(field, rule))
    );
    return [...own, ...inner];
  };
  return spec.types.filter(({ name }) => usage.requests.has(name))
    .flatMap(({ fields }) => fields.flatMap(warnings));
}

function warning({ name, pos }: Field, rule: string): Diagnostic {
  return {
    ...pos,
    severity: "warning",
    code: "W-validate-rule",
    message: `Cannot check rule "${rule}" of member "${name}": the schema has nothing like it`,
    hint: "check it in the logic",
  };
}
