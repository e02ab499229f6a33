/**
 * The one file that knows the package which speaks gRPC.
 *
 * @module
 */

export type {
  Call as WireCall,
  ChannelCredentials as WireCredentials,
  ChannelOptions as WireOptions,
  Implementation as WireImplementation,
  Respond as WireRespond,
  ServerCall as WireServerCall,
  ServerDuplexStream as WireDuplexStream,
  ServerReadableStream as WireReadableStream,
  ServerUnaryCall as WireUnaryCall,
  ServiceDefinition as WireServiceDefinition,
  StatusObject as WireStatus,
} from "./driver.d.ts";
// @ts-types="./driver.d.ts"
export {
  Channel as WireChannel,
  connectivityState as WireState,
  credentials as wireCredentials,
  Metadata as WireMetadata,
  Server as WireServer,
  ServerCredentials as WireServerCredentials,
} from "npm:@grpc/grpc-js@~1.14";
