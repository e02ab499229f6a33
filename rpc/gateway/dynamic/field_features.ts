/**
 * What the edition of a file, and options, say of its fields.
 *
 * @see https://protobuf.dev/editions/features/
 * @module
 */

import {
  type FeatureSet,
  FeatureSet_FieldPresence,
  FeatureSet_MessageEncoding,
  FeatureSet_RepeatedFieldEncoding,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
} from "../../proto/google/protobuf/descriptor.gen.ts";

/** How fields are treated where they do not say. */
export interface FieldFeatures {
  /** Whether an unset field differs from one that is zero. */
  readonly presence: boolean;
  /** Whether lists of numbers are written in one piece. */
  readonly packed: boolean;
  /** Whether messages are written as groups. */
  readonly delimited: boolean;
}

/** The features of a file. */
export function fileFeatures({ syntax, options }: FileDescriptorProto): FieldFeatures {
  if (syntax === "proto3") return { presence: false, packed: true, delimited: false };
  if (syntax !== "editions") return { presence: true, packed: false, delimited: false };
  return withFeatures({ presence: true, packed: true, delimited: false }, options?.features);
}

/** The features of what lies within something that has these, if it says more itself. */
export function withFeatures(outer: FieldFeatures, own: FeatureSet | undefined): FieldFeatures {
  if (own === undefined) return outer;
  const { fieldPresence, repeatedFieldEncoding, messageEncoding } = own;
  const { packed, delimited } = outer;
  return {
    presence: fieldPresence === undefined
      ? outer.presence
      : fieldPresence !== FeatureSet_FieldPresence.IMPLICIT,
    packed: repeatedFieldEncoding === undefined
      ? packed
      : repeatedFieldEncoding === FeatureSet_RepeatedFieldEncoding.PACKED,
    delimited: messageEncoding === undefined
      ? delimited
      : messageEncoding === FeatureSet_MessageEncoding.DELIMITED,
  };
}

/** The features of a field, all considered. */
export function fieldFeatures(
  field: FieldDescriptorProto,
  outer: FieldFeatures,
): FieldFeatures {
  const { label, type, options, proto3Optional } = field;
  const { presence, packed, delimited } = withFeatures(outer, options?.features);
  const isMessage = type === FieldDescriptorProto_Type.TYPE_MESSAGE;
  const repeated = label === FieldDescriptorProto_Label.LABEL_REPEATED;
  return {
    presence: !repeated && (presence || isMessage || proto3Optional === true),
    packed: options?.packed ?? packed,
    delimited: type === FieldDescriptorProto_Type.TYPE_GROUP || isMessage && delimited,
  };
}
