/**
 * What is used of the protocol's own SDK, and the one file that knows where it comes from.
 *
 * @module
 */

export {
  createMcpHandler,
  isLegacyRequest,
  parseJSONRPCMessage,
  ProtocolError,
  ResourceNotFoundError,
  Server,
  UriTemplate,
  WebStandardStreamableHTTPServerTransport,
} from "npm:@modelcontextprotocol/server@^2.4.0";
export type {
  CallToolResult,
  GetPromptResult,
  JSONRPCMessage,
  McpHttpHandler,
  ReadResourceResult,
  ServerContext,
  Transport,
} from "npm:@modelcontextprotocol/server@^2.4.0";
