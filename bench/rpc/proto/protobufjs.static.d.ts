/** What is used of the code that protobufjs generates; its own types bring those of Node, which are not Deno's. */
interface StaticType {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

export const bench: {
  readonly Small: StaticType;
  readonly Order: StaticType;
  readonly Lists: StaticType;
  readonly Catalog: StaticType;
};
