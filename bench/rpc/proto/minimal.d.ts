/** The runtime of protobufjs, whose own types bring those of Node. */
declare const protobuf: object;
export default protobuf;
