import type { JsonValue } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";
export interface FromJsonOptions { x?: 1 }
export function messageFromJson<T extends object>(_t: MessageType<T>, _m: JsonValue, _o?: FromJsonOptions): T { throw 1; }
