/** What we use of `ketama`. Its own types bring Node's, whose `Event` takes the place of the global one. */
export class HashRing {
  constructor(nodes: readonly string[]);
  getNode(key: string): string | undefined;
}
