/**
 * What is used of `@grpc/grpc-js`. Its own types bring those of Node along, which would change the meaning of global names
 * such as `Event` in every program that imports it.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { WireLog } from "./wire_log.ts";

/** Settings of channels and servers, by their names in gRPC. */
export type ChannelOptions = Readonly<Record<string, string | number | undefined>>;

/** Takes what the package has to say, in the place of standard error. */
export function setLogger(logger: WireLog): void;

/** Metadata of a call. */
export class Metadata {
  constructor();
  add(name: string, value: string | Buffer): void;
  get(name: string): (string | Buffer)[];
  getMap(): Record<string, string | Buffer>;
  set(name: string, value: string | Buffer): void;
  setOptions(options: { waitForReady?: boolean }): void;
}

/** How a call ended. */
export interface StatusObject {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** What is told of a call. */
export interface CallListener {
  onReceiveMetadata(metadata: Metadata): void;
  onReceiveMessage(message: Buffer): void;
  onReceiveStatus(status: StatusObject): void;
}

/** A call that is made. */
export interface Call {
  getPeer(): string;
  start(metadata: Metadata, listener: CallListener): void;
  startRead(): void;
  sendMessageWithContext(context: { callback?: () => void }, message: Buffer): void;
  halfClose(): void;
  cancelWithStatus(code: number, details: string): void;
}

/** How a client proves who it is. */
export class ChannelCredentials {
  private constructor();
}

/** Makes {@link ChannelCredentials}. */
export const credentials: {
  createInsecure(): ChannelCredentials;
  createSsl(
    rootCerts: Buffer | null,
    privateKey: Buffer | null,
    certChain: Buffer | null,
    verifyOptions: { rejectUnauthorized?: boolean },
  ): ChannelCredentials;
};

/** A call over one connection. Of a file of the package, which does not export it. */
export class Http2SubchannelCall {
  private constructor();
}

/** States of a channel. */
export const connectivityState: {
  readonly IDLE: 0;
  readonly CONNECTING: 1;
  readonly READY: 2;
  readonly TRANSIENT_FAILURE: 3;
  readonly SHUTDOWN: 4;
};

/** A connection to an address. */
export class Channel {
  constructor(address: string, credentials: ChannelCredentials, options: ChannelOptions);
  close(): void;
  getTarget(): string;
  getConnectivityState(tryToConnect: boolean): number;
  watchConnectivityState(state: number, deadline: number, callback: (error?: Error) => void): void;
  createCall(
    method: string,
    deadline: number,
    host: null,
    parent: null,
    propagate: null,
  ): Call;
}

/** How a server proves who it is. */
export class ServerCredentials {
  private constructor();
  static createInsecure(): ServerCredentials;
  static createSsl(
    rootCerts: Buffer | null,
    pairs: { private_key: Buffer; cert_chain: Buffer }[],
    checkClientCertificate: boolean,
  ): ServerCredentials;
}

/** What the calls of a server have in common. */
export interface ServerCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getPeer(): string;
  getDeadline(): Date | number;
  sendMetadata(metadata: Metadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

/** A call of one message and one answer. */
export interface ServerUnaryCall extends ServerCall {
  readonly request: unknown;
}

/** A call of many requests. */
export interface ServerReadableStream extends ServerCall {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  read(): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** A call of many answers; `request` is there if there is but one request. */
export interface ServerDuplexStream extends ServerReadableStream {
  readonly request?: unknown;
  write(message: unknown): boolean;
  end(metadata?: Metadata): void;
  emit(event: "error", error: ServerError): boolean;
}

/** A failure as the package takes it. */
export interface ServerError {
  readonly code: number;
  readonly details: string;
  readonly message: string;
  readonly metadata?: Metadata | undefined;
}

/** Answers a call with one message. */
export type Respond = (error: ServerError | null, value?: unknown, trailer?: Metadata) => void;

/** Methods of a service by name. */
export type ServiceDefinition = Record<string, {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (message: unknown) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (message: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}>;

/** Functions that answer, by the name of the method. */
export type Implementation = Record<
  string,
  | ((call: ServerUnaryCall, respond: Respond) => void)
  | ((call: ServerReadableStream, respond: Respond) => void)
  | ((call: ServerDuplexStream) => void)
>;

/** A server. */
export class Server {
  constructor(options: ChannelOptions);
  addService(definition: ServiceDefinition, implementation: Implementation): void;
  bindAsync(
    address: string,
    credentials: ServerCredentials,
    callback: (error: Error | null, port: number) => void,
  ): void;
  tryShutdown(callback: (error?: Error) => void): void;
  forceShutdown(): void;
}
