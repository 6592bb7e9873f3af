import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandEnvelope } from "../../actors/index.ts";
import type { EventStore } from "../../log/index.ts";
import { adjustStock, busRig, createProduct } from "./bus-rig.ts";
import type { BusRig } from "./bus-rig.ts";
import { expectTrueHistory } from "./history-checker.ts";
import type { Exchange } from "./history-checker.ts";

/** The real store whose calls begin and end in the order that the scheduler chooses. */
function scheduled(store: EventStore, scheduler: fc.Scheduler): EventStore {
  const slow = async <Result>(label: string, call: () => Promise<Result>): Promise<Result> => {
    await scheduler.schedule(Promise.resolve(), `${label} begins`);
    const result = await call();
    await scheduler.schedule(Promise.resolve(), `${label} ends`);
    return result;
  };
  return {
    append: (commit, by) => slow("append", () => store.append(commit, by)),
    appendChain: (commits, by) => slow("appendChain", () => store.appendChain(commits, by)),
    read: (stream, after, through) => slow("read", () => store.read(stream, after, through)),
    prove: (stream, version, ids) => slow("prove", () => store.prove(stream, version, ids)),
    find: (ids) => slow("find", () => store.find(ids)),
  };
}

type Order =
  | { readonly kind: "create"; readonly owner: number }
  | { readonly kind: "adjust"; readonly owner: number; readonly delta: number }
  | { readonly kind: "repeat"; readonly owner: number; readonly of: number }
  | { readonly kind: "reuse"; readonly owner: number; readonly of: number };

const owner = fc.nat(1);
const order: fc.Arbitrary<Order> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), owner }),
  fc.record({
    kind: fc.constant("adjust" as const),
    owner,
    delta: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({ kind: fc.constant("repeat" as const), owner, of: fc.nat(20) }),
  fc.record({ kind: fc.constant("reuse" as const), owner, of: fc.nat(20) }),
);

function envelopeOf(sku: string, one: Order, before: readonly CommandEnvelope[]): CommandEnvelope {
  if (one.kind === "create") return createProduct(sku);
  if (one.kind === "adjust") return adjustStock(sku, one.delta);
  const earlier = before[one.of % Math.max(before.length, 1)] ?? createProduct(sku);
  if (one.kind === "repeat") return earlier;
  return adjustStock(sku, -99, { commandId: earlier.commandId });
}

async function play(
  { startBus, store }: BusRig,
  { orders, sku }: { orders: readonly Order[]; sku: string },
  scheduler: fc.Scheduler,
): Promise<Exchange[]> {
  const limits = { hotQueueSizeMin: 3, chainLengthMax: 4, snapshotEveryEvents: 2 };
  const buses = [0, 1].map(() =>
    startBus({ store: scheduled(store, scheduler), limits: { ...limits, backoffMsMax: 1 } }),
  );
  const envelopes: CommandEnvelope[] = [];
  const sending = orders.map(async (one) => {
    const envelope = envelopeOf(sku, one, envelopes);
    envelopes.push(envelope);
    const bus = buses[one.owner];
    if (bus === undefined) throw new RangeError("there are two owners");
    return { envelope, outcome: await bus.send(envelope) };
  });
  const all = Promise.all(sending);
  const exchanges = await scheduler.waitFor(all);
  await Promise.all(buses.map((bus) => bus.close()));
  return exchanges;
}

describe("whatever the order in which the store begins and ends its work", () => {
  it("two owners answer the truth about one entity", async () => {
    const rig = await busRig();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(order, { minLength: 2, maxLength: 16 }),
        fc.scheduler(),
        async (orders, scheduler) => {
          runs += 1;
          const exchanges = await play(rig, { orders, sku: `RUN-${runs}` }, scheduler);
          await expectTrueHistory(rig.store, exchanges);
          for (const { envelope, outcome } of exchanges)
            expectNoReuse(envelope, outcome, exchanges);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A reused id is never answered as if it were the other command's. */
function expectNoReuse(
  envelope: CommandEnvelope,
  outcome: Exchange["outcome"],
  exchanges: readonly Exchange[],
): void {
  if (outcome.kind !== "accepted") return;
  const others = exchanges.filter(
    (other) =>
      other.envelope.commandId === envelope.commandId &&
      other.envelope.payloadHash !== envelope.payloadHash,
  );
  for (const other of others) expect(other.outcome.kind).not.toBe("accepted");
}
