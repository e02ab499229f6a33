/** What is used of the bare package; its own types bring those of Node, which are not Deno's. */
import type { Buffer } from "node:buffer";

type Encode<T> = (message: T) => Buffer;
type Decode<T> = (bytes: Buffer) => T;
type Answer<T> = (error: Error | null, value: T) => void;

export class Client {
  constructor(address: string, credentials: object);
  makeUnaryRequest<I, O>(
    path: string,
    encode: Encode<I>,
    decode: Decode<O>,
    request: I,
    answer: (error: Error | null, value?: O) => void,
  ): void;
  close(): void;
}

export class Server {
  addService(definition: object, implementation: object): void;
  bindAsync(address: string, credentials: object, bound: Answer<number>): void;
  forceShutdown(): void;
}

export const credentials: { createInsecure(): object };
export const ServerCredentials: { createInsecure(): object };
