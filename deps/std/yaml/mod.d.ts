export type SchemaType = "failsafe" | "json" | "core" | "default" | "extended";
export interface ParseOptions {
  allowDuplicateKeys?: boolean;
  schema?: SchemaType;
  onWarning?(error: Error): void;
}
export interface StringifyOptions {
  indent?: number;
  lineWidth?: number;
  skipInvalid?: boolean;
  sortKeys?: boolean | ((a: string, b: string) => number);
  schema?: SchemaType;
}
export function parse(content: string, options?: ParseOptions): unknown;
export function parseAll(content: string, options?: ParseOptions): unknown[];
export function stringify(data: unknown, options?: StringifyOptions): string;
