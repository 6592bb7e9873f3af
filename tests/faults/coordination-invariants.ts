/** What must hold of every prefix of every history, and of all orders and products at rest. */
import type { Db, UUID } from "mongodb";
import { createMongoEventStore } from "../../log/index.ts";
import {
  aggregates,
  applyEvent,
  initialState,
  isSettled,
  orderStatus,
  upcast,
} from "../../machines/index.ts";
import type {
  EntityState,
  OrderContext,
  OrderStatus,
  ProductContext,
} from "../../machines/index.ts";
import { allReservations } from "../../machines/product/reservations.ts";
import type { SandboxLedger } from "../../payments/index.ts";
import { checkStep } from "../machines/walk/invariants.ts";

interface Order {
  readonly id: string;
  readonly version: number;
  readonly state: EntityState<OrderContext>;
  readonly status: OrderStatus;
  readonly attemptIds: readonly string[];
}

interface Product {
  readonly version: number;
  readonly state: EntityState<ProductContext>;
}

/** Everything as it stands in the log. */
export interface World {
  readonly orders: ReadonlyMap<string, Order>;
  readonly products: ReadonlyMap<string, Product>;
}

/**
 * Folds the log, or what came since a world was folded from it, checking the invariants after every
 * single event.
 */
export async function foldLog(db: Db, since?: World): Promise<World> {
  const store = createMongoEventStore(db);
  const streams = (await db.collection("events").distinct("s")) as UUID[];
  const orders = new Map(since?.orders);
  const products = new Map(since?.products);
  for (const stream of streams) {
    const id = String(stream);
    const known = orders.get(id) ?? products.get(id);
    const commits = await store.read(id, known?.version ?? 0);
    const name = commits[0]?.aggregate;
    if (name === undefined) continue;
    let state: EntityState = known?.state ?? initialState(aggregates[name]);
    let version = known?.version ?? 0;
    const attemptIds = [...(orders.get(id)?.attemptIds ?? [])];
    for (const stored of commits.flatMap(({ events }) => events)) {
      const before = state;
      state = applyEvent(aggregates[name], before, stored);
      version += 1;
      const event = upcast(aggregates[name], stored);
      checkStep({ aggregate: name, id }, { before, after: state, event });
      if (event.type !== "PaymentRequested") continue;
      attemptIds.push((event.data as { attemptId: string }).attemptId);
    }
    if (name === "product") {
      products.set(id, { version, state: state as EntityState<ProductContext> });
    } else {
      const order = state as EntityState<OrderContext>;
      orders.set(id, { id, version, state: order, status: orderStatus(order), attemptIds });
    }
  }
  return { orders, products };
}

const dead: readonly OrderStatus[] = ["CANCELLED", "REJECTED", "EXPIRED"];

/** What is wrong with a world in which nothing goes on any more; empty = nothing. */
export async function faultsAtRest(world: World, ledger: SandboxLedger): Promise<string[]> {
  const faults: string[] = [];
  const held = new Map<string, number>();
  for (const { state } of world.products.values()) {
    for (const { id, quantity } of allReservations(state.context.reservations))
      held.set(id, quantity);
  }
  for (const { id, state, status, attemptIds } of world.orders.values()) {
    const say = (what: string) => faults.push(`${id} ${status} ${what}`);
    if (!isSettled(state)) say(`is not settled: ${JSON.stringify(state.value)}`);
    const isDead = dead.includes(status);
    for (const line of [...state.context.lines, ...state.context.leaving]) {
      const units = held.get(line.lineId) ?? 0;
      const { sku, reserved } = line;
      if (units !== reserved) say(`${sku}: the product holds ${units}, the order ${reserved}`);
      if (isDead && units > 0) say(`${line.sku}: stock is held for a dead order`);
      held.delete(line.lineId);
    }
    const sums = await sumsOf(ledger, attemptIds);
    const { authorised, captured, refunded, voided } = state.context.money;
    const ours = JSON.stringify({ authorised, captured, refunded, voided });
    const { held: heldMinor, ...theirs } = sums;
    if (ours !== JSON.stringify(theirs)) say(`ledgers differ: ${ours} ${JSON.stringify(theirs)}`);
    if (isDead && (heldMinor > 0 || captured !== refunded)) say("money is held for a dead order");
  }
  for (const [lineId, units] of held) faults.push(`orphan reservation ${lineId} of ${units}`);
  return faults;
}

async function sumsOf(ledger: SandboxLedger, attemptIds: readonly string[]) {
  const sums = { authorised: 0, captured: 0, refunded: 0, voided: 0, held: 0 };
  for (const attemptId of attemptIds) {
    const entry = await ledger.of(attemptId);
    if (entry === null) continue;
    for (const column of Object.keys(sums) as (keyof typeof sums)[]) sums[column] += entry[column];
  }
  return sums;
}
