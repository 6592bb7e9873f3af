import { shuffled } from "./seeded.ts";
import type { DemoClient, Item, ProductNow } from "./demo-client.ts";

const LOOK_AGAIN_AFTER_MS = 2_000;
const PRODUCTS_MIN = 3;
const LINES_MAX = 3;
const UNITS_MAX = 3;
const RESTOCK_UNITS = 12;

/** What is put on sale where there is next to nothing: SKU, name, price in cents, units on hand. */
const goods = [
  ["DEMO-KETTLE", "Whistling kettle, 1.8 l", 3_490, 6],
  ["DEMO-TIMER", "Hourglass, 4 min", 890, 100],
  ["DEMO-TRAY", "Birch tray", 2_250, 80],
  ["DEMO-TOWEL", "Linen tea towel", 1_190, 120],
] as const;

/** The products of the shop, and the keeper who looks after them. */
export interface Shelf {
  /** Puts products on sale if there are too few. */
  fill(): Promise<void>;
  /** What is on sale, as it was a moment ago. */
  products(): Promise<readonly ProductNow[]>;
  /** A few products of one currency that are there; none when all is sold out. */
  basket(): Promise<readonly Item[]>;
  /** One unit more than there is of the product that is most nearly sold out. */
  tooMuch(): Promise<readonly Item[]>;
  /** Brings new units, unless there are some or they are under way; how many, or null. */
  restock(sku: string): Promise<number | null>;
}

/** A shelf; `random` gives numbers from 0 to 1. */
export function createShelf(client: DemoClient, random: () => number): Shelf {
  const underWay = new Set<string>();
  let looked: { readonly at: number; readonly products: readonly ProductNow[] } | null = null;

  const products = async (): Promise<readonly ProductNow[]> => {
    if (looked === null || Date.now() - looked.at > LOOK_AGAIN_AFTER_MS) {
      looked = { at: Date.now(), products: await client.products() };
    }
    return looked.products;
  };

  return {
    products,
    async fill() {
      const found = await client.products();
      if (found.length >= PRODUCTS_MIN) return;
      const known = new Set(found.map(({ sku }) => sku));
      for (const [sku, name, minor, onHand] of goods.filter(([one]) => !known.has(one))) {
        const price = { minor, currency: "EUR" };
        await client.newProduct({ sku, name, category: "Demo", price, onHand });
      }
    },
    basket: async () => basketOf(await products(), random),
    async tooMuch() {
      const byStock = [...(await client.products())].sort(
        (one, other) => one.stock.available - other.stock.available,
      );
      return byStock.slice(0, 1).map(({ sku, stock }) => ({
        sku,
        quantity: Math.max(stock.available, 0) + 1,
      }));
    },
    async restock(sku) {
      if (underWay.has(sku)) return null;
      underWay.add(sku);
      try {
        const product = (await client.products()).find((one) => one.sku === sku);
        // Others have asked for it, too, and been heard.
        if (product === undefined || product.stock.available >= RESTOCK_UNITS) return null;
        const delta = RESTOCK_UNITS + Math.floor(random() * RESTOCK_UNITS);
        const reason = "new delivery";
        await client.product("adjustStock", { productId: product.id, delta, reason });
        looked = null;
        return delta;
      } finally {
        underWay.delete(sku);
      }
    },
  };
}

function basketOf(products: readonly ProductNow[], random: () => number): readonly Item[] {
  const inStock = products.filter(({ stock }) => stock.available > 0);
  const liked = shuffled(inStock, random);
  const currency = liked[0]?.price.currency;
  const count = 1 + Math.floor(random() * LINES_MAX);
  return liked
    .filter(({ price }) => price.currency === currency)
    .slice(0, count)
    .map(({ sku, stock }) => ({
      sku,
      quantity: 1 + Math.floor(random() * Math.min(UNITS_MAX, stock.available)),
    }));
}
