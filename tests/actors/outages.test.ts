import { describe, expect, it } from "vitest";
import type { CommandBus } from "../../actors/index.ts";
import { connectMongo } from "../../log/index.ts";
import { freeze } from "../support/freeze.ts";
import { disposeLater, eventually, testMongod } from "../support/servers.ts";
import { accepted, adjustStock, busRigOn, codeOf, createProduct, range } from "./bus-rig.ts";
import type { BusRig } from "./bus-rig.ts";
import { expectTrueHistory } from "./history-checker.ts";
import type { Exchange } from "./history-checker.ts";

const SKU = "TEA-1";

async function rigOnOwnMongod(): Promise<
  BusRig & { mongod: Awaited<ReturnType<typeof testMongod>> }
> {
  const mongod = await testMongod();
  const connection = await connectMongo({ url: mongod.url, database: "statecart" });
  disposeLater(() => connection.close());
  return { ...(await busRigOn(connection.db)), mongod };
}

/** Sends to ten products until told to stop; a failed command is sent again under its id. */
async function load(
  bus: CommandBus,
  { exchanges, isOver }: { exchanges: Exchange[]; isOver: () => boolean },
): Promise<void> {
  const client = async (index: number): Promise<void> => {
    for (let count = 0; !isOver(); count += 1) {
      const envelope = adjustStock(`SKU-${(index + count) % 10}`, count % 3 === 2 ? -5 : 2);
      for (;;) {
        const outcome = await bus.send({ ...envelope, deadline: Date.now() + 2_000 });
        exchanges.push({ envelope, outcome });
        if (outcome.kind !== "failed" || isOver()) break;
      }
    }
  };
  await Promise.all(range(16).map(client));
}

describe("while mongod is away", () => {
  it("no answered command is lost and none happens twice, in three kills under load", async () => {
    const { mongod, startBus, store } = await rigOnOwnMongod();
    const bus = startBus({ limits: { attemptsMax: 20 } });
    const creations = await Promise.all(
      range(10).map(async (index) => {
        const envelope = createProduct(`SKU-${index}`);
        return { envelope, outcome: await bus.send(envelope) };
      }),
    );
    let isOver = false;
    const exchanges: Exchange[] = [];
    const loading = load(bus, { exchanges, isOver: () => isOver });
    for (const kill of range(3)) {
      const before = await accepts(bus, `PROBE-${kill}`);
      expect(before).toBe("accepted");
      await eventually(() => exchanges.length > 20 * (kill + 1));
      await mongod.kill();
      await mongod.restart();
    }
    expect(await accepts(bus, "PROBE-LAST")).toBe("accepted");
    isOver = true;
    await loading;
    await expectTrueHistory(store, [...creations, ...exchanges]);
  });

  it("a command past its bound is UNAVAILABLE and gets its true answer later", async () => {
    const { mongod, startBus, db } = await rigOnOwnMongod();
    const bus = startBus({
      limits: { attemptTimeoutMs: 200, attemptsMax: 2, sweepIntervalMs: 20 },
    });
    accepted(await bus.send(createProduct(SKU)));
    await freeze(mongod.pid);
    const envelope = adjustStock(SKU, 3, { deadline: Date.now() + 200 });
    const cold = createProduct("COLD", { deadline: Date.now() + 200 });
    const coldRefusal = adjustStock("NEVER", 3, { deadline: Date.now() + 200 });
    const codes = await Promise.all([envelope, cold, coldRefusal].map((one) => bus.send(one)));
    process.kill(mongod.pid, "SIGCONT");
    expect(codes.map(codeOf)).toEqual(["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
    const later = { deadline: Date.now() + 30_000 };
    await eventually(async () => codeOf(await bus.send({ ...envelope, ...later })) === "accepted");
    expect(accepted(await bus.send({ ...envelope, ...later }))).toMatchObject({ version: 2 });
    expect(accepted(await bus.send({ ...cold, ...later }))).toMatchObject({ version: 1 });
    expect(codeOf(await bus.send({ ...coldRefusal, ...later }))).toBe("NOT_FOUND");
    expect(await db.collection("events").countDocuments()).toBe(3);
  });

  it("a command whose write may still land is not refused meanwhile", async () => {
    const { startBus, store } = await rigOnOwnMongod();
    let late: Promise<unknown> = Promise.resolve();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const envelope = adjustStock(SKU, 5);
    const bus = startBus({
      limits: { attemptTimeoutMs: 100, attemptsMax: 2, sweepIntervalMs: 10 },
      store: {
        ...store,
        append(commit, deadline) {
          if (commit.id !== envelope.commandId) return store.append(commit, deadline);
          late = released.then(() => store.append(commit, Date.now() + 30_000));
          return Promise.resolve({ kind: "unknown", cause: new Error("no answer") });
        },
      },
    });
    accepted(await bus.send(createProduct(SKU)));
    expect(codeOf(await bus.send(envelope))).toBe("UNAVAILABLE");
    const { command } = envelope;
    const impossible = { ...command, data: { delta: -99, reason: "the facts have changed" } };
    const again = (withinMs: number) =>
      bus.send({ ...envelope, command: impossible, deadline: Date.now() + withinMs });
    expect(codeOf(await again(100))).toBe("UNAVAILABLE");
    expect(codeOf(await bus.send(adjustStock(SKU, -99)))).toBe("GUARD_FAILED");
    release();
    await late;
    expect(accepted(await again(30_000))).toMatchObject({ version: 2, repeated: true });
  });

  it("a deadline that has passed already costs an attempt, not the command", async () => {
    const { startBus } = await rigOnOwnMongod();
    const bus = startBus();
    accepted(await bus.send(createProduct(SKU, { deadline: Date.now() - 1 })));
    const once = startBus({ limits: { attemptsMax: 1 } });
    const late = adjustStock(SKU, 1, { deadline: Date.now() - 1 });
    expect(codeOf(await once.send(late))).toBe("UNAVAILABLE");
    expect(accepted(await once.send({ ...late, deadline: Date.now() + 30_000 })).version).toBe(2);
  });
});

async function accepts(bus: CommandBus, sku: string): Promise<string> {
  const creation = createProduct(sku);
  await eventually(async () => codeOf(await bus.send(creation)) === "accepted");
  return codeOf(await bus.send(creation));
}
