/**
 * The Standard Schema v1 interface, so that schemas of any library can stand where Zeno's do.
 *
 * @see https://standardschema.dev
 * @module
 */

/** A schema of any library that follows Standard Schema v1. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  /** The properties the standard asks for. */
  readonly "~standard": StandardProps<Input, Output>;
}

/** What a schema offers under `~standard`. */
export interface StandardProps<Input = unknown, Output = Input> {
  /** The version of the standard. */
  readonly version: 1;
  /** The library that made the schema. */
  readonly vendor: string;
  /** Checks an unknown value. */
  readonly validate: (
    value: unknown,
  ) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** The types of the schema. Never set at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** The answer of {@link StandardProps.validate}. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One problem, as the standard words it. */
export interface StandardIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where it is: property names and indices, outermost first. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
