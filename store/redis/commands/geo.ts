/**
 * Commands for places on earth.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import {
  count,
  type Decode,
  float,
  floatOrNull,
  integer,
  listOf,
  text,
  textsOrNulls,
} from "../reply.ts";
import { SortedSetRangeCommands } from "./sorted_set_ranges.ts";

/** A unit of length. */
export type GeoUnit = "m" | "km" | "ft" | "mi";

/** A point, in degrees. */
export interface GeoPoint {
  /** East of Greenwich. */
  readonly longitude: number;
  /** North of the equator. */
  readonly latitude: number;
}

/** A point with a name. */
export interface GeoPlace extends GeoPoint {
  /** The name. */
  readonly name: string;
}

/** What is looked for around a point. */
export interface GeoQuery {
  /** How far from it. */
  readonly radius: number;
  /** The unit of lengths. @default {"km"} */
  readonly unit?: GeoUnit | undefined;
  /** Whether points are told. @default {false} */
  readonly withCoord?: boolean | undefined;
  /** Whether distances are told. @default {false} */
  readonly withDist?: boolean | undefined;
  /** Whether the hash by which Redis sorts is told. @default {false} */
  readonly withGeoHash?: boolean | undefined;
  /** Most places to find; all without it. */
  readonly count?: number | undefined;
  /** Whether the nearest come first, or last. @default {in no order} */
  readonly sort?: "asc" | "desc" | undefined;
}

/** A place that was found, and what was asked of it. */
export interface GeoFound {
  /** The name. */
  readonly name: string;
  /** Distance from the point. */
  readonly distance?: number;
  /** The hash by which Redis sorts. */
  readonly geoHash?: number | bigint;
  /** Where it is. */
  readonly point?: GeoPoint;
}

const point: Decode<GeoPoint | null> = (reply) => {
  if (!Array.isArray(reply)) return null;
  return { longitude: float(reply[0]), latitude: float(reply[1]) };
};

/** Commands for places on earth, which are kept in sorted sets. */
export abstract class GeoCommands extends SortedSetRangeCommands {
  /** Adds places. Answers how many are new. */
  geoAdd(key: string, places: readonly GeoPlace[], options?: CommandOptions): Promise<number> {
    const args: RedisValue[] = [key];
    for (const { longitude, latitude, name } of places) args.push(longitude, latitude, name);
    return this.execute({ name: "geoadd", args, decode: count }, options);
  }

  /** The distance between two places; `null` if there is not one of them. */
  geoDist(
    key: string,
    from: string,
    to: string,
    unit: GeoUnit = "km",
    options?: CommandOptions,
  ): Promise<number | null> {
    const args = [key, from, to, unit];
    return this.execute({ name: "geodist", args, decode: floatOrNull }, options);
  }

  /** The geohashes of places. */
  geoHash(
    key: string,
    names: readonly string[],
    options?: CommandOptions,
  ): Promise<(string | null)[]> {
    const args = [key, ...names];
    return this.execute({ name: "geohash", args, decode: textsOrNulls }, options);
  }

  /** Where places are. */
  geoPos(
    key: string,
    names: readonly string[],
    options?: CommandOptions,
  ): Promise<(GeoPoint | null)[]> {
    return this.execute({ name: "geopos", args: [key, ...names], decode: listOf(point) }, options);
  }

  /** The places around a point. */
  geoRadius(
    key: string,
    { longitude, latitude }: GeoPoint,
    query: GeoQuery,
    options?: CommandOptions,
  ): Promise<GeoFound[]> {
    const args = [key, longitude, latitude, ...queryArgs(query)];
    return this.execute({ name: "georadius", args, decode: foundBy(query) }, options);
  }

  /** The places around one of them, itself included. */
  geoRadiusByMember(
    key: string,
    name: string,
    query: GeoQuery,
    options?: CommandOptions,
  ): Promise<GeoFound[]> {
    const args = [key, name, ...queryArgs(query)];
    return this.execute({ name: "georadiusbymember", args, decode: foundBy(query) }, options);
  }
}

function queryArgs(query: GeoQuery): RedisValue[] {
  const args: RedisValue[] = [query.radius, query.unit ?? "km"];
  if (query.withCoord) args.push("WITHCOORD");
  if (query.withDist) args.push("WITHDIST");
  if (query.withGeoHash) args.push("WITHHASH");
  if (query.count !== undefined) args.push("COUNT", query.count);
  if (query.sort) args.push(query.sort.toUpperCase());
  return args;
}

/** Reads places with what was asked of them, which comes in the order distance, hash, point. */
function foundBy({ withCoord, withDist, withGeoHash }: GeoQuery): Decode<GeoFound[]> {
  return listOf((reply) => {
    if (!Array.isArray(reply)) return { name: text(reply) };
    const facts = reply.slice(1);
    const distance = withDist ? float(facts.shift()) : undefined;
    const geoHash = withGeoHash ? integer(facts.shift()) : undefined;
    const where = withCoord ? point(facts.shift()) : null;
    return {
      name: text(reply[0]),
      ...(distance === undefined ? {} : { distance }),
      ...(geoHash === undefined ? {} : { geoHash }),
      ...(where ? { point: where } : {}),
    };
  });
}
