/** Orders, products, the provider and the reactor on real servers, driven through the bus. */
import { pino } from "pino";
import { createReactor, loadState, machineHash } from "../../actors/index.ts";
import type { Clock, CommandBus, Reactor } from "../../actors/index.ts";
import { createCheckpoints, createLeases, createTail } from "../../log/index.ts";
import { isSettled, orderStatus, productIdOf } from "../../machines/index.ts";
import type {
  EntityState,
  OrderContext,
  OrderStatus,
  ProductContext,
} from "../../machines/index.ts";
import { createSandboxProvider, type SandboxProvider } from "../../payments/index.ts";
import { disposeLater, eventually, testDatabase } from "../support/servers.ts";
import { busRigOn, type BusRig } from "./bus-rig.ts";
import { envelopeOf, type Command } from "./checkout-commands.ts";

/** A clock that stands until a test moves it. */
export interface MovedClock extends Clock {
  move(durationMs: number): void;
}

export interface CheckoutRig extends BusRig {
  readonly bus: CommandBus;
  readonly provider: SandboxProvider;
  readonly reactor: Reactor;
  readonly clock: MovedClock;
  startReactor(options?: Partial<Parameters<typeof createReactor>[0]>): Reactor;
  send(command: Command): ReturnType<CommandBus["send"]>;
  order(orderId: string): Promise<EntityState<OrderContext>>;
  product(sku: string): Promise<EntityState<ProductContext>>;
  /** Awaits the order's simple status. */
  reaches(orderId: string, ...statuses: readonly OrderStatus[]): Promise<void>;
  /** Awaits the end of all that goes on by itself. */
  settles(orderId: string): Promise<void>;
  /** Awaits that a reactor has answered all that is in the log. */
  isQuiet(reactor?: Reactor): Promise<void>;
}

const logger = pino({ level: "fatal" });

interface RigOptions {
  readonly slowMs?: number;
  readonly callTimeoutMs?: number;
}

export async function checkoutRig(options: RigOptions = {}): Promise<CheckoutRig> {
  const { db } = await testDatabase();
  const rig = await busRigOn(db);
  const clock = movedClock();
  const provider = await createSandboxProvider(db, {
    logger,
    callTimeoutMs: options.callTimeoutMs ?? 1_000,
    slowMs: options.slowMs ?? 10_000,
  });
  const tail = createTail(db, { logger });
  const checkpoints = createCheckpoints(db);
  const bus = rig.startBus();
  let nodes = 0;
  const startReactor: CheckoutRig["startReactor"] = (given = {}) => {
    nodes += 1;
    const leases = createLeases(db, { node: `reactor-${nodes}`, logger });
    const times = { attemptTimeoutMs: 5_000, leaseTtlMs: 1_000 };
    const parts = { bus, tail, checkpoints, leases, provider, clock, logger };
    const reactor = createReactor({ ...parts, ...times, ...given });
    disposeLater(() => reactor.stop());
    return reactor;
  };
  disposeLater(() => tail.close());
  const load = (aggregate: "order" | "product", entityId: string) =>
    loadState({ ...rig, machineHash: machineHash() }, { aggregate, entityId });
  const order = async (orderId: string) =>
    (await load("order", orderId)).state as EntityState<OrderContext>;
  const reactor = startReactor();
  return {
    ...rig,
    bus,
    provider,
    clock,
    reactor,
    startReactor,
    send: (command) => bus.send(envelopeOf(command, clock)),
    order,
    product: async (sku) =>
      (await load("product", productIdOf(sku))).state as EntityState<ProductContext>,
    async reaches(orderId, ...statuses) {
      let last: OrderStatus | null = null;
      const description = `the order is ${statuses.join(" or ")}`;
      try {
        await eventually(
          async () => statuses.includes((last = orderStatus(await order(orderId)))),
          { description },
        );
      } catch (cause) {
        const { value } = await order(orderId);
        throw new Error(`${String(last)} ${JSON.stringify(value)}`, { cause });
      }
    },
    async settles(orderId) {
      await eventually(async () => isSettled(await order(orderId)), {
        description: "the order is settled",
      });
    },
    async isQuiet(one = reactor) {
      await eventually(() => {
        const { isActive, isCaughtUp, open } = one.status();
        return isActive && isCaughtUp && open === 0;
      });
    },
  };
}

function movedClock(): MovedClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    move(durationMs) {
      offsetMs += durationMs;
    },
  };
}
