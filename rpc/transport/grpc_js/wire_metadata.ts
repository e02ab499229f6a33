/**
 * Metadata between us and the package.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { isReserved, Metadata, type MetadataValue } from "../../metadata.ts";
import { WireMetadata } from "./driver.ts";

/** Metadata for the package. What came with another call may hold names that are the protocol's: they stay here. */
export function toWire(metadata: Metadata | undefined): WireMetadata {
  const wire = new WireMetadata();
  if (!metadata) return wire;
  for (const [name, value] of metadata) {
    if (isReserved(name)) continue;
    wire.add(name, typeof value === "string" ? value : bufferOf(value));
  }
  return wire;
}

/** Metadata from the package. */
export function fromWire(wire: WireMetadata): Metadata {
  return Metadata.received(entries(wire));
}

function* entries(wire: WireMetadata): Iterable<[string, MetadataValue[]]> {
  for (const name of Object.keys(wire.getMap())) {
    yield [name, wire.get(name).map((value) => typeof value === "string" ? value : plain(value))];
  }
}

/** A view of bytes as the package wants them. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A view of bytes as everybody else wants them. */
export function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
