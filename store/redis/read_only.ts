/**
 * What changes nothing.
 *
 * @module
 */

// deno-fmt-ignore
const READ_ONLY: ReadonlySet<string> = new Set([
  "bitcount", "bitpos", "dbsize", "echo", "exists", "expiretime", "geodist", "geohash", "geopos", "geosearch", "get", "getbit",
  "getrange", "hexists", "hget", "hgetall", "hkeys", "hlen", "hmget", "hrandfield", "hscan", "hstrlen", "hvals", "keys", "lindex",
  "llen", "lpos", "lrange", "mget", "pexpiretime", "pfcount", "ping", "pttl", "randomkey", "scan", "scard", "sdiff", "sinter",
  "sintercard", "sismember", "smembers", "smismember", "srandmember", "sscan", "strlen", "sunion", "time", "ttl", "type", "xinfo",
  "xlen", "xrange", "xrevrange", "zcard", "zcount", "zdiff", "zinter", "zlexcount", "zmscore", "zrandmember", "zrange",
  "zrangebylex", "zrangebyscore", "zrank", "zrevrange", "zrevrangebyscore", "zrevrank", "zscan", "zscore", "zunion",
]);

/** Whether a command, by its name in lower case, changes nothing, so that it does no harm to send it twice. */
export function isReadOnly(name: string): boolean {
  return READ_ONLY.has(name);
}
