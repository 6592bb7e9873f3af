import { createHash, randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import { pino } from "pino";
import { createCommandBus, machineHash } from "../../actors/index.ts";
import type {
  ActorLimits,
  CommandBus,
  CommandEnvelope,
  CommandOutcome,
} from "../../actors/index.ts";
import { createMongoEventStore, createSnapshots, prepareLog } from "../../log/index.ts";
import type { EventStore, Snapshots } from "../../log/index.ts";
import { productIdOf } from "../../machines/index.ts";
import type { Caller, ProductContext } from "../../machines/index.ts";
import { disposeLater, testDatabase } from "../support/servers.ts";

/** A store on a database of its own, and as many buses on it as a test starts. */
export interface BusRig {
  readonly db: Db;
  readonly store: EventStore;
  readonly snapshots: Snapshots;
  readonly startBus: (options?: BusOptions) => CommandBus;
  /** The correlation ids of the faults that the buses have logged. */
  readonly faults: () => unknown[];
}

interface BusOptions {
  readonly limits?: Partial<ActorLimits>;
  readonly machineHash?: string;
  readonly store?: EventStore;
  readonly inspect?: (event: { readonly type: string }) => void;
}

const operator: Caller = { subject: "olga", scope: "operator" };

const hashOfMachines = machineHash();

/** The rig on the mongod that all tests share. */
export async function busRig(): Promise<BusRig> {
  return busRigOn((await testDatabase()).db);
}

/** The rig on a database of the test's own; its buses are closed by themselves. */
export async function busRigOn(db: Db): Promise<BusRig> {
  await prepareLog(db);
  const store = createMongoEventStore(db);
  const snapshots = createSnapshots(db);
  const faults: unknown[] = [];
  const logger = pino(
    { level: "error" },
    {
      write(line: string) {
        faults.push((JSON.parse(line) as { correlationId?: string }).correlationId);
      },
    },
  );
  let buses = 0;
  return {
    db,
    store,
    snapshots,
    faults: () => faults,
    startBus(options = {}) {
      buses += 1;
      const node = `node-${buses}`;
      const base = { store, snapshots, machineHash: hashOfMachines, node, logger };
      const bus = createCommandBus({ ...base, ...options });
      disposeLater(() => bus.close());
      return bus;
    },
  };
}

/** A command to a product, from an operator, with a deadline that no healthy server misses. */
export function toProduct(
  sku: string,
  type: string,
  { data = {}, ...rest }: { data?: object } & Partial<CommandEnvelope> = {},
): CommandEnvelope {
  const payloadHash = createHash("sha256")
    .update(JSON.stringify([type, sku, data]))
    .digest("hex");
  return {
    commandId: randomUUID(),
    aggregate: "product",
    entityId: productIdOf(sku),
    command: { type, data, now: new Date().toISOString(), by: operator },
    payloadHash,
    correlationId: randomUUID(),
    deadline: Date.now() + 30_000,
    ...rest,
  };
}

export function createProduct(sku: string, rest: Partial<CommandEnvelope> = {}): CommandEnvelope {
  const price = { minor: 1_250, currency: "EUR" };
  const data = { sku, name: `Product ${sku}`, category: "tea", price, onHand: 0 };
  return toProduct(sku, "CreateProduct", { data, ...rest });
}

export function adjustStock(
  sku: string,
  delta: number,
  rest: Partial<CommandEnvelope> = {},
): CommandEnvelope {
  return toProduct(sku, "AdjustStock", { data: { delta, reason: "count" }, ...rest });
}

/** The outcome as an acceptance; throws with what it was instead. */
export function accepted(outcome: CommandOutcome): Extract<CommandOutcome, { kind: "accepted" }> {
  if (outcome.kind !== "accepted") throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
  return outcome;
}

export function onHandOf(outcome: CommandOutcome): number {
  const { context } = accepted(outcome).state;
  return (context as ProductContext).stock.onHand;
}

/** The code of a refusal or failure, else the kind of the outcome. */
export function codeOf(outcome: CommandOutcome): string {
  if (outcome.kind === "refused") return outcome.refusal.code;
  return outcome.kind === "failed" ? outcome.code : outcome.kind;
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
