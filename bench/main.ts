import { parseArgs } from "node:util";
import { BUYERS, measureCheckouts } from "./checkouts.ts";
import { measureCommandsInProcess, IN_FLIGHT } from "./commands-in-process.ts";
import { createDrain, findAnswered } from "./drained.ts";
import { measureHotEntity, HOT_IN_FLIGHT } from "./hot-entity.ts";
import { measureLiveUpdate } from "./live-update.ts";
import { median, type Figure } from "./measure.ts";
import { measureRawInserts } from "./raw-insert.ts";
import { jsonOf, machineLine, tableOf, type Goal, type Row } from "./report.ts";
import { makeGoods, makeProducts, startSystem, type Answered, type System } from "./system.ts";
import { CLIENTS, measureThroughGraphql } from "./through-graphql.ts";

/**
 * `npm run bench`: how fast is Statecart, against MongoDB alone on the same servers and in the same
 * minutes? `-- --json` prints JSON, `-- --only inProcess,hot` asks those questions only, which a
 * CPU profile wants (`node --cpu-prof --import tsx bench/main.ts --only graphql`).
 */
const { values: options } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});
const TIME_MAX_MS = 180_000;
/** No round begins after this, so that draining and closing fit in. */
const ROUNDS_END_MS = 125_000;
const ROUNDS_MAX = 5;
const STEP_MS = 2_500;
const WARM_UP_MS = 1_000;
const ENTITIES = 1_000;
const GOODS = 200;

const loads = {
  sequential: "MongoDB alone, 1 in flight",
  insertOne: "MongoDB alone, majority, 64 in flight",
  insertMany: "MongoDB alone, majority, batches of 32, 4 in flight",
  inProcess: `${String(ENTITIES)} products, ${String(IN_FLIGHT)} in flight`,
  hot: `one product, ${String(HOT_IN_FLIGHT)} in flight`,
  graphql: `${String(CLIENTS)} HTTP clients in a process of their own`,
  checkout: `${String(BUYERS)} buyers over HTTP: create, reserve, pay, confirm, commit, capture`,
  live: "from sending a mutation to another client's frame",
} as const;
type Question = keyof typeof loads;
const questions = Object.keys(loads) as Question[];

const started = performance.now();
/** Read before we make any load, so that a busy machine shows beside its figures. */
const machine = machineLine();
const signal = AbortSignal.timeout(TIME_MAX_MS);
// Whatever hangs, the bench ends.
setTimeout(() => {
  console.error(`bench: not done after ${String(TIME_MAX_MS / 1_000)} s`);
  process.exit(1);
}, TIME_MAX_MS + 5_000).unref();

const system = await startSystem((line) => {
  console.error(line);
});
try {
  const report = await run(system);
  console.log(options.json ? jsonOf(report) : tableOf(report));
} finally {
  await system.close();
}

async function run(on: System): Promise<Parameters<typeof tableOf>[0]> {
  const answered: Answered = [];
  const names = Array.from({ length: ENTITIES + 1 }, (_, index) => String(index));
  const [hot = "", ...products] = await makeProducts(on.bus, names, answered);
  const skus = await makeGoods(on.bus, GOODS, answered);
  const drain = await createDrain({ ...on, signal });
  const figures = new Map<Question, Figure[]>(questions.map((question) => [question, []]));
  let drainMs = 0;
  const round = async (durationMs: number): Promise<void> => {
    const drained = (): Promise<number> => drain.wait();
    const common = { ...on, products, product: hot, skus, answered, drained, durationMs, signal };
    for (const step of chosenSteps(options.only)) {
      for (const [question, figure] of await step(common)) figures.get(question)?.push(figure);
      drainMs = Math.max(drainMs, await drain.wait());
    }
  };
  // The gateway takes a product's price from its view.
  await drain.wait();
  await round(WARM_UP_MS);
  for (const list of figures.values()) list.length = 0;
  let rounds = 0;
  while (rounds < ROUNDS_MAX && performance.now() - started < ROUNDS_END_MS) {
    await round(STEP_MS);
    console.error(`bench: round ${String(++rounds)} done`);
  }
  const found = await findAnswered(on.store, answered);
  await drain.close();
  const rows = questions
    .map((name) => ({ name, load: loads[name], figures: figures.get(name) ?? [] }))
    .filter((row) => row.figures.length > 0);
  return {
    machine,
    durability: "every write majority and journaled",
    rounds,
    rows,
    goals: options.only === undefined ? goalsOf(rows) : [],
    proofs: [
      `${String(found)} answered commands, every one found in the store`,
      `relay and read models drained after each step, at most ${drainMs.toFixed(0)} ms later`,
    ],
  };
}

type Step = Omit<Parameters<typeof measureLiveUpdate>[0], "signal"> &
  Parameters<typeof measureThroughGraphql>[0] &
  Parameters<typeof measureCheckouts>[0] &
  Parameters<typeof measureCommandsInProcess>[0] &
  Parameters<typeof measureRawInserts>[0];
type Answers = readonly (readonly [Question, Figure])[];

/** The steps that answer these questions; all when none is named. Throws at an unknown name. */
function chosenSteps(only: string | undefined): readonly ((step: Step) => Promise<Answers>)[] {
  const raw = { sequential: measureRaw, insertOne: measureRaw, insertMany: measureRaw };
  const ours = { inProcess: measureInProcess, hot: measureHot };
  const remote = { graphql: measureGraphql, checkout: measureCheckout, live: measureLive };
  const all: Record<Question, (step: Step) => Promise<Answers>> = { ...ours, ...remote, ...raw };
  const wanted = only === undefined ? Object.keys(all) : only.split(",");
  return [...new Set(wanted.map((name) => stepOf(all, name)))];
}

function stepOf<Step>(all: Readonly<Record<string, Step>>, name: string): Step {
  const step = Object.hasOwn(all, name) ? all[name] : undefined;
  if (step === undefined) throw new Error(`--only knows ${questions.join(", ")}; not ${name}`);
  return step;
}

async function measureRaw(step: Step): Promise<Answers> {
  const raw = await measureRawInserts(step);
  return [
    ["sequential", raw.sequential],
    ["insertOne", raw.insertOne],
    ["insertMany", raw.insertMany],
  ];
}

async function measureInProcess(step: Step): Promise<Answers> {
  return [["inProcess", await measureCommandsInProcess(step)]];
}

async function measureHot(step: Step): Promise<Answers> {
  return [["hot", await measureHotEntity(step)]];
}

async function measureGraphql(step: Step): Promise<Answers> {
  return [["graphql", await measureThroughGraphql(step)]];
}

async function measureCheckout(step: Step): Promise<Answers> {
  return [["checkout", await measureCheckouts(step)]];
}

async function measureLive(step: Step): Promise<Answers> {
  return [["live", await measureLiveUpdate(step)]];
}

/**
 * Almost all goals are ratios, because absolute figures say more about the machine than about us.
 * Each is the middle of the rounds' own ratios: what disturbs a round disturbs both sides of it.
 */
function goalsOf(rows: readonly Row[]): readonly Goal[] {
  const over = (ours: Question, raw: Question, ratio: Ratio): number => {
    const raws = figuresOf(rows, raw);
    return median(figuresOf(rows, ours).map((figure, round) => ratio(figure, raws[round])));
  };
  const throughput: Ratio = (ours, raw) => ours.perSecond / (raw?.perSecond ?? 0);
  const perInsert: Ratio = (ours, raw) => (ours.perSecond * (raw?.p50Ms ?? 0)) / 1_000;
  const latency: Ratio = (ours, raw) => ours.p50Ms / (raw?.p50Ms ?? 0);
  const atLeast = (name: string, value: number, goal: number): Goal => {
    return { name, value, goal: `>= ${String(goal)}`, isMet: value >= goal };
  };
  const perSecond: Ratio = (ours) => ours.perSecond;
  const live = over("live", "sequential", latency);
  return [
    atLeast("in process / insertOne", over("inProcess", "insertOne", throughput), 3),
    atLeast("through GraphQL / insertOne", over("graphql", "insertOne", throughput), 1),
    atLeast("hot entity x p50 of a sequential insert", over("hot", "sequential", perInsert), 3),
    atLeast("complete checkouts a second", over("checkout", "sequential", perSecond), 100),
    { name: "live p50 / p50 of a sequential insert", value: live, goal: "<= 3", isMet: live <= 3 },
  ];
}

type Ratio = (ours: Figure, raw: Figure | undefined) => number;

function figuresOf(rows: readonly Row[], name: Question): readonly Figure[] {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`${name} was not measured`);
  return row.figures;
}
