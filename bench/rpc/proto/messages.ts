/** The messages that are measured: a small one, one of a kilobyte, lists of scalars and a list of messages. */

import { Catalog, Lists, Order, Small } from "./bench.gen.ts";

/** A small message. */
export const small: Small = Small.create({ name: "Ada", count: 42, active: true });

/** About a kilobyte. */
export const order: Order = Order.create({
  id: "ord_01HZX3V7Q2M9",
  createdMs: 1_770_000_000_000n,
  customer: { id: "cus_81", name: "Ada Lovelace", email: "ada@example.com", city: "Zürich" },
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    title: `A thing with a title of some length, number ${index}`,
    quantity: index + 1,
    price: 19.99 * (index + 1),
  })),
  labels: new Map([["channel", "web"], ["campaign", "winter"]]),
  total: 1559.22,
  signature: new Uint8Array(32).fill(7),
});

/** Lists of numbers and words. */
export const lists: Lists = Lists.create({
  numbers: Array.from({ length: 200 }, (_, index) => index * 31),
  values: Array.from({ length: 100 }, (_, index) => index / 3),
  words: Array.from({ length: 50 }, (_, index) => `word${index}`),
  ids: Array.from({ length: 50 }, (_, index) => BigInt(index) * 1_000_003n),
});

/** A list of messages. */
export const catalog: Catalog = Catalog.create({
  items: Array.from({ length: 300 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    title: `A thing with a title of some length, number ${index}`,
    quantity: index + 1,
    price: 19.99 * (index + 1),
  })),
});
