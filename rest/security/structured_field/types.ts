/**
 * The values of structured fields.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651
 * @module
 */

/** A token: a word that is not quoted. A text that is quoted is a plain string. */
export class Token {
  /** The word. */
  readonly value: string;

  /** Makes a token. */
  constructor(value: string) {
    this.value = value;
  }
}

/** A decimal, which stays one when it is whole: `1.0`. An integer is a plain number. */
export class Decimal {
  /** The number. */
  readonly value: number;

  /** Makes a decimal. */
  constructor(value: number) {
    this.value = value;
  }
}

/** An instant, in seconds since the Unix epoch. */
export class FieldDate {
  /** Seconds since the Unix epoch, an integer. */
  readonly seconds: number;

  /** Makes an instant. */
  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

/** A text that may hold any character. */
export class DisplayString {
  /** The text. */
  readonly value: string;

  /** Makes a text. */
  constructor(value: string) {
    this.value = value;
  }
}

/** A value without parameters. */
export type BareItem =
  | number
  | string
  | boolean
  | Uint8Array<ArrayBuffer>
  | Token
  | Decimal
  | FieldDate
  | DisplayString;

/** Parameters, in their order. One without a value is `true`. */
export type Parameters = ReadonlyMap<string, BareItem>;

/** A value with parameters. */
export interface Item {
  /** The value. */
  readonly value: BareItem;
  /** Its parameters. */
  readonly parameters: Parameters;
}

/** A list within a list or a dictionary, with parameters. */
export interface InnerList {
  /** The items. */
  readonly items: readonly Item[];
  /** Its parameters. */
  readonly parameters: Parameters;
}

/** What a list or a dictionary holds. */
export type Member = Item | InnerList;

/** Whether a member is a list. */
export function isInnerList(member: Member): member is InnerList {
  return "items" in member;
}
