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
import { constants } from "node:http2";
import { consoleLogger } from "../../../core/log/create_logger.ts";
// @ts-types="./driver.d.ts"
import { Http2SubchannelCall } from "npm:@grpc/grpc-js@~1.14/build/src/subchannel-call.js";
import { guardStreams } from "./guard_streams.ts";
import { holdFailures } from "./hold_failures.ts";
import { wireLog } from "./wire_log.ts";
// @ts-types="./driver.d.ts"
import { Server, setLogger } from "npm:@grpc/grpc-js@~1.14";
// @ts-types="./driver.d.ts"
export {
  Channel as WireChannel,
  connectivityState as WireState,
  credentials as wireCredentials,
  Metadata as WireMetadata,
  Server as WireServer,
  ServerCredentials as WireServerCredentials,
} from "npm:@grpc/grpc-js@~1.14";

setLogger(wireLog(consoleLogger));
const mended = [guardStreams(Server), holdFailures(Http2SubchannelCall)];
if (mended.includes(false)) {
  consoleLogger.error(
    "Cannot mend @grpc/grpc-js: this version is another than the one that was tested, 1.14.7; use that one, " +
      "or a client may end this process",
  );
}

// Deno 2.9.3 has no name for this status, and without it the package answers 200 to what is not gRPC.
Object.assign(constants, { HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE: 415 });
