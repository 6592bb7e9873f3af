import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crashPoints } from "../../actors/index.ts";
import { createSandboxProvider, type SandboxLedger } from "../../payments/index.ts";
import { productOnSale } from "../actors/checkout-commands.ts";
import { program } from "../support/programs.ts";
import { sampleSize } from "../support/sample-size.ts";
import { testDatabase, testNats, type TestDatabase } from "../support/servers.ts";
import { faultsAtRest, foldLog, type World } from "./coordination-invariants.ts";
import { openCoordination } from "./coordination.ts";
import { courses } from "./courses.ts";

/** The kills are spread over the first, second and third time that a process comes by the point. */
const PASSAGES = 3;
const KILLS_PER_POINT = sampleSize(PASSAGES, 20);
/** A point that no process comes by any more is told after this; no kill waits for it. */
const KILL_TIMEOUT_MS = 300_000;
/** A process that starts after a kill waits for a lease to end: others use that time. */
const LANES = 3;

/** A process that lives for two seconds pays more for optimised code than that gives back. */
const briefLife = ["--no-opt"];

/** Servers on which one process after the other dies. */
interface Lane {
  readonly database: TestDatabase;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ledger: SandboxLedger;
  world: World;
}

const children = new Set<ChildProcess>();
const free: Lane[] = [];
const waiting: ((lane: Lane) => void)[] = [];

beforeAll(async () => {
  free.push(...(await Promise.all(Array.from({ length: LANES }, openLane))));
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function openLane(): Promise<Lane> {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  const env = {
    ...process.env,
    MONGODB_URL: database.url,
    MONGODB_DATABASE: database.name,
    NATS_URL: nats.url,
    STATECART_LEASE_TTL_MS: "500",
    STATECART_PROVIDER_DEADLINE_MS: "500",
  };
  const coordination = await openCoordination(env);
  for (const sku of ["SKU-1", "SKU-2", "SKU-3"]) {
    for (const command of productOnSale(sku, 1_000_000)) await coordination.send(command);
  }
  await coordination.close();
  const logger = pino({ level: "silent" });
  const { ledger } = await createSandboxProvider(database.db, { logger });
  return { database, env, ledger, world: { orders: new Map(), products: new Map() } };
}

async function withLane<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result> {
  const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  try {
    return await work(lane);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free.push(lane);
    else next(lane);
  }
}

/** Drives rounds from `first` on in a process that dies; resolves with how, and in which round. */
async function die({ env }: Lane, { point, first, passage }: Death) {
  const args = [...briefLife, program("coordination"), point, String(first)];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: KILL_TIMEOUT_MS,
    env: { ...env, STATECART_CRASH_AT: `${point}:${passage}` },
  });
  children.add(child);
  let [rounds, log] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (rounds += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  children.delete(child);
  return { code, signal, log, round: Number(rounds.trim().split("\n").at(-1)) };
}

interface Death {
  readonly point: string;
  readonly first: number;
  readonly passage: number;
}

describe.concurrent("a process killed amid coordination", () => {
  it.each(Object.keys(crashPoints))(
    "leaves nothing undone, in orders, stock or money, when it dies at %s",
    async (point) => {
      await withLane(async (lane) => {
        let round = 1;
        for (let kill = 0; kill < KILLS_PER_POINT; kill += 1) {
          // What the last one left behind is brought to its end by this one, which dies in turn.
          const death = { point, first: round, passage: 1 + (kill % PASSAGES) };
          const died = await die(lane, death);
          expect(died).toMatchObject({ signal: "SIGKILL" });
          round = died.round;
        }
        const survivor = await openCoordination(lane.env);
        try {
          await survivor.drive(`${point} ${round}`);
          await survivor.rest();
        } finally {
          await survivor.close();
        }
        const before = lane.world.orders.size;
        lane.world = await foldLog(lane.database.db, lane.world);
        expect(await faultsAtRest(lane.world, lane.ledger)).toEqual([]);
        const driven = lane.world.orders.size - before;
        expect(driven).toBe(round * Object.keys(courses).length);
      });
    },
    // All of them begin at once and then wait for a lane.
    Object.keys(crashPoints).length * KILLS_PER_POINT * 60_000,
  );
});
