import type { EndedOrder } from "./demo-buyer.ts";
import type { Finding, Round } from "./demo-rounds.ts";
import type { DemoShop } from "./demo-shop.ts";

/** Where the payment provider keeps what it has decided. */
interface Books {
  readonly ledger: Pick<DemoShop["ledger"], "of">;
}

const isSold = ({ status }: EndedOrder): boolean => status === "PROCESSING";

/** What must be true of one unit and many buyers. */
export function oneUnitFindings({ purchases, stocks }: Round): Finding[] {
  const sold = purchases.filter(({ order }) => isSold(order));
  const lost = purchases.filter(({ order }) => !isSold(order));
  const [stock] = stocks.values();
  const count = (found: readonly unknown[], of: readonly unknown[]) =>
    `${String(found.length)} of ${String(of.length)}`;
  const rejected = lost.filter(({ order }) => order.rejection?.code === "INSUFFICIENT_STOCK");
  const awaited = lost.filter(({ isAwaited }) => isAwaited);
  const told = awaited.filter(({ told: codes }) => codes.includes("INSUFFICIENT_STOCK"));
  // On a slow machine the answer may have to come before the end, and says so.
  const late = awaited.filter(({ told: codes }) => codes.includes("NOT_SETTLED"));
  return [
    finding("exactly one order is confirmed", String(sold.length), sold.length === 1),
    finding(
      "every other order is rejected with INSUFFICIENT_STOCK",
      count(rejected, lost),
      rejected.length === lost.length,
    ),
    finding(
      "whoever waited for the end was told so in the answer",
      `${count(told, awaited)}${late.length > 0 ? `, ${String(late.length)} too early` : ""}`,
      told.length > 0 && told.length + late.length === awaited.length,
    ),
    finding("nothing is left to sell", String(stock?.available), stock?.available === 0),
  ];
}

/** What must be true of any round: no oversell, no orphan, no deadlock, no money for nothing. */
export async function alwaysFindings(shop: Books, round: Round): Promise<Finding[]> {
  const orders = round.purchases.map(({ order }) => order);
  const ended = orders.filter(({ status }) => status === "PROCESSING" || status === "REJECTED");
  return [
    finding(
      "every order came to its end",
      `${String(ended.length)} of ${String(orders.length)}`,
      ended.length === orders.length,
    ),
    ...stockFindings(orders, round),
    ...(await moneyFindings(shop, orders)),
  ];
}

function stockFindings(orders: readonly EndedOrder[], { stocks }: Round): Finding[] {
  const sold = orders.filter(isSold);
  const found = [...stocks].map(([sku, stock]) => {
    const lines = sold.flatMap(({ lines: all }) => all.filter((line) => line.sku === sku));
    const soldIds = new Set(sold.map(({ id }) => id));
    const units = lines.reduce((sum, { ordered }) => sum + ordered, 0);
    return {
      ...stock,
      units,
      lines: lines.length,
      orphans: stock.reservations.filter(({ orderId }) => !soldIds.has(orderId)).length,
    };
  });
  const sum = (of: (one: (typeof found)[number]) => number) =>
    found.reduce((all, one) => all + of(one), 0);
  const units = sum((one) => one.units);
  const onHand = sum((one) => one.onHand);
  const committed = sum((one) => one.committed);
  const orphans = sum((one) => one.orphans + Math.abs(one.reservationCount - one.lines));
  return [
    finding(
      "no product is oversold",
      `${String(units)} of ${String(onHand)} units are sold`,
      found.every((one) => one.units <= one.onHand && one.available >= 0),
    ),
    finding(
      "the products' books are the orders' books",
      `${String(committed)} units are committed, ${String(units)} are sold`,
      found.every((one) => one.committed === one.units && one.reserved === 0),
    ),
    finding("no reservation is without its order", String(orphans), orphans === 0),
  ];
}

async function moneyFindings(
  shop: Books,
  orders: readonly EndedOrder[],
): Promise<readonly Finding[]> {
  const held = ({ money }: EndedOrder) =>
    money.authorised.minor - money.voided.minor - money.captured.minor;
  const kept = ({ money }: EndedOrder) => money.captured.minor - money.refunded.minor;
  const lost = orders.filter((order) => !isSold(order));
  const heldForLost = lost.reduce((sum, order) => sum + held(order) + kept(order), 0);
  const taken = orders.reduce((sum, order) => sum + kept(order), 0);
  const due = orders.filter(isSold).reduce((sum, order) => sum + order.total.minor, 0);
  const books = { held: 0, taken: 0 };
  for (const { payment } of orders) {
    const entry = payment.attempt && (await shop.ledger.of(payment.attempt.id));
    books.held += entry?.held ?? 0;
    books.taken += entry ? entry.captured - entry.refunded : 0;
  }
  return [
    finding(
      "no money is held for a rejected order",
      `${String(heldForLost)} cents`,
      heldForLost === 0,
    ),
    finding(
      "what was taken is what was sold",
      `${String(taken)} of ${String(due)} cents`,
      taken === due,
    ),
    finding(
      "the payment provider's books say the same",
      `${String(books.taken)} cents taken, ${String(books.held)} held`,
      books.taken === taken && books.held === 0,
    ),
  ];
}

function finding(invariant: string, figure: string, holds: boolean): Finding {
  return { invariant, figure, holds };
}
