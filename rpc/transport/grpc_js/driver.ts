/**
 * The one file that knows the package which speaks gRPC.
 *
 * @module
 */

export {
  Channel as WireChannel,
  type ChannelOptions as WireOptions,
  connectivityState as WireState,
  credentials as wireCredentials,
  Metadata as WireMetadata,
  Server as WireServer,
  ServerCredentials as WireServerCredentials,
  type ServerDuplexStream as WireDuplexStream,
  type ServerReadableStream as WireReadableStream,
  type ServerUnaryCall as WireUnaryCall,
  type ServiceDefinition as WireServiceDefinition,
  setLogger as setWireLogger,
  type StatusObject as WireStatus,
  type UntypedServiceImplementation as WireImplementation,
} from "npm:@grpc/grpc-js@~1.14";

import type { Channel } from "npm:@grpc/grpc-js@~1.14";

/** A call that the package makes; it gives its type no name. */
export type WireCall = ReturnType<Channel["createCall"]>;
