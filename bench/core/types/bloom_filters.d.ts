/** What we use of `bloom-filters`. Its own types bring Node's, whose `Event` takes the place of the global one. */
declare const peer: {
  BloomFilter: new (bits: number, hashes: number) => {
    add(value: string): void;
    has(value: string): boolean;
  };
};
export default peer;
