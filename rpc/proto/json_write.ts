import type { JsonValue } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";
export interface ToJsonOptions { x?: 1 }
export function messageToJson(_t: MessageType<any>, _m: unknown, _o?: ToJsonOptions): JsonValue { return null; }
