import { parseArgs } from "node:util";
import { alwaysFindings, oneUnitFindings } from "./demo-invariants.ts";
import { seeded, shuffled } from "./seeded.ts";
import { freshSkus, play, type Finding, type Round } from "./demo-rounds.ts";
import { ownShop, runningShop, type DemoShop } from "./demo-shop.ts";

const usage = `Usage: npm run demo:oversell -- [--buyers 200] [--seed 1] [--running]
Lets all buyers in at once: for one unit, then for baskets of five products each. Exits with 1 when
a promise is broken. --running takes the Statecart on DATA_DIR (default .data) in the place of one
of its own.`;

const BASKET_PRODUCTS = 12;
const BASKET_SIZE = 5;
const BASKET_UNITS_MAX = 3;

interface Options {
  readonly buyers: number;
  readonly seed: number;
  readonly isRunning: boolean;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Null for arguments that mean nothing here. */
function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        buyers: { type: "string", default: "200" },
        seed: { type: "string", default: "1" },
        running: { type: "boolean", default: false },
      },
    });
    const [buyers, seed] = [Number(values.buyers), Number(values.seed)];
    const isGood = Number.isInteger(buyers) && buyers >= 2 && Number.isInteger(seed);
    return isGood ? { buyers, seed, isRunning: values.running } : null;
  } catch {
    return null;
  }
}

async function demonstrate(shop: DemoShop, { buyers, seed }: Options): Promise<boolean> {
  say(`\n${String(buyers)} buyers at once for one unit`);
  const [sku = ""] = freshSkus(1);
  const one = await play(shop, {
    buyers,
    skus: [sku],
    onHand: 1,
    basketOf: () => [{ sku, quantity: 1 }],
  });
  const isOneRight = tell(one, [...oneUnitFindings(one), ...(await alwaysFindings(shop, one))]);

  const skus = freshSkus(BASKET_PRODUCTS);
  const what = `${String(BASKET_SIZE)} products each (seed ${String(seed)})`;
  say(`\n${String(buyers)} buyers at once for ${what}`);
  const random = seeded(seed);
  const onHand = Math.ceil((buyers * BASKET_SIZE) / BASKET_PRODUCTS / 2);
  const baskets = Array.from({ length: buyers }, () => basketOf(skus, random));
  const many = await play(shop, { buyers, skus, onHand, basketOf: (n) => baskets[n] ?? [] });
  return tell(many, await alwaysFindings(shop, many)) && isOneRight;
}

function basketOf(skus: readonly string[], random: () => number) {
  const chosen = shuffled(skus, random).slice(0, BASKET_SIZE);
  return chosen.map((sku) => ({ sku, quantity: 1 + Math.floor(random() * BASKET_UNITS_MAX) }));
}

function tell({ purchases, durationMs }: Round, findings: readonly Finding[]): boolean {
  const sold = purchases.filter(({ order }) => order.status === "PROCESSING").length;
  const seconds = (durationMs / 1_000).toFixed(1);
  const rejected = String(purchases.length - sold);
  say(`  ${String(sold)} orders were sold, ${rejected} rejected, in ${seconds} s`);
  for (const { invariant, figure, holds } of findings) {
    say(`  ${holds ? "holds " : "BROKEN"} ${invariant}: ${figure}`);
  }
  return findings.every(({ holds }) => holds);
}

const options = readOptions();
if (options === null) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const dataDir = process.env["DATA_DIR"] ?? ".data";
  const shop = await (options.isRunning ? runningShop(dataDir) : ownShop(say));
  try {
    const isRight = await demonstrate(shop, options);
    say(isRight ? "\nEvery promise was kept." : "\nA promise was broken.");
    process.exitCode = isRight ? 0 : 1;
  } finally {
    await shop.close();
  }
}
