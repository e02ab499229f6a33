/**
 * How the fields of an object and its type follow from each other.
 *
 * @module
 */

import type { Field } from "./field.ts";

/** The members of an object schema by property name. */
export type Fields = Readonly<Record<string, Field<unknown, boolean>>>;

/** The names of the fields whose property may be missing. */
export type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, infer O> ? (true extends O ? K : never) : never;
}[keyof F];

/** The type of the values of a field. */
export type ValueOf<S> = S extends Field<infer T, boolean> ? T : never;

/** `T` written out member by member. */
export type Flat<T> = { [K in keyof T]: T[K] };

/** The type of the objects that members describe: optional fields are optional properties. */
export type InferFields<F extends Fields> = Flat<
  & { -readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]> }
  & { -readonly [K in OptionalKeys<F>]?: ValueOf<F[K]> }
>;

/**
 * The members that describe the type `T`. A property that may be missing can still be read by a field
 * that is always there, such as one with a default.
 */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: Field<
    Exclude<T[K], undefined>,
    Record<never, never> extends Pick<T, K> ? boolean : false
  >;
};

/** The members of a group as {@link optionalGroup} answers them: each may be missing. */
export type GroupFields<F extends Fields> = {
  readonly [K in keyof F]: Field<ValueOf<F[K]>, true>;
};
