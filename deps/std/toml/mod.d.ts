export function parse(tomlString: string): Record<string, unknown>;
export function stringify(obj: Record<string, unknown>): string;
