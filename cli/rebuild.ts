import { hostname } from "node:os";
import { parseArgs } from "node:util";
import type { Db } from "mongodb";
import { pino, type Logger } from "pino";
import { readConfig, type Config } from "../config.ts";
import {
  connectMongo,
  createCheckpoints,
  createMongoEventStore,
  createStreamScan,
  createTail,
  createTimers,
} from "../log/index.ts";
import { createPrivacy, type Privacy } from "../privacy/index.ts";
import {
  allProjections,
  personalSearchOf,
  rebuild,
  rebuildEntity,
  withPersonalSearch,
} from "../projections/index.ts";
import type { RebuildProgress } from "../projections/index.ts";
import { developmentKeys } from "./development-keys.ts";
import { readRunning } from "./running.ts";

const names = allProjections.map(({ name }) => name).join(" | ");
const usage = `Usage: npm run rebuild -- ${names} [--entity <id>]
Folds the log anew into read collections beside those that serve, then lets every process serve the
new ones; see docs/operations.md. With --entity only that one's row is made anew, in its place.
Takes the MongoDB of MONGODB_URL, else that of the Statecart that runs on DATA_DIR (.data).`;

const say = (line: string): void => void process.stdout.write(line);
const LINE_INTERVAL_MS = 500;
/** Code of MongoDB for what a user may not do. */
const UNAUTHORIZED = 13;

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { entity: { type: "string" }, help: { type: "boolean" } },
  });
  const projection = allProjections.find(({ name }) => name === positionals[0]);
  const isAsked = projection !== undefined && positionals.length === 1 && values.help !== true;
  if (isAsked) await run(projection, values.entity?.toLowerCase());
  else {
    say(`${usage}\n`);
    process.exitCode = values.help === true ? 0 : 2;
  }
} catch (error) {
  process.stderr.write(`rebuild: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}

function sentenceOf(error: unknown): string {
  const { code, message } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  const hint =
    "; if no names of collections are left for rebuilds, deploy/mongodb-users.js reserves more";
  return `${message ?? String(error)}${code === UNAUTHORIZED ? hint : ""}`;
}

async function run(
  projection: (typeof allProjections)[number],
  entity: string | undefined,
): Promise<void> {
  const { config } = readConfig([], process.env);
  const url = config.mongodbUrl ?? readRunning(config.dataDir)?.mongodb;
  if (url === undefined) {
    throw new Error(`no Statecart runs on ${config.dataDir}: start it, or give MONGODB_URL`);
  }
  const logger = pino({ level: "warn", base: null }, pino.destination({ fd: 2 }));
  const mongo = await connectMongo({ url, database: config.mongodbDatabase });
  try {
    await withPrivacy({ db: mongo.db, config, logger }, (privacy) =>
      fold({ db: mongo.db, projection, entity, privacy, logger }),
    );
  } finally {
    await mongo.close();
  }
}

async function withPrivacy(
  { db, config, logger }: { readonly db: Db; readonly config: Config; readonly logger: Logger },
  work: (privacy: Privacy) => Promise<void>,
): Promise<void> {
  const privacy = await createPrivacy({ db, masterKeys: masterKeysOf(config), logger });
  try {
    await work(privacy);
  } finally {
    await privacy.close();
  }
}

interface Work {
  readonly db: Db;
  readonly projection: (typeof allProjections)[number];
  readonly entity: string | undefined;
  readonly privacy: Privacy;
  readonly logger: Logger;
}

async function fold({ db, projection, entity, privacy, logger }: Work): Promise<void> {
  const parts = {
    db,
    projection: withPersonalSearch(projection, personalSearchOf(privacy)),
    logger,
    store: createMongoEventStore(db),
    timers: createTimers(db),
  };
  if (entity !== undefined) {
    const isDone = await rebuildEntity(parts, entity);
    if (!isDone) throw new Error(`the log has nothing of ${projection.name} ${entity} to fold`);
    say(`${projection.name} ${entity} is made anew\n`);
    return;
  }
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort(new Error("stopped; the old rows go on serving")));
  const tail = createTail(db, { logger });
  try {
    await rebuild({
      ...parts,
      tail,
      scan: createStreamScan(db, logger),
      checkpoints: createCheckpoints(db),
      by: `${hostname()}/${String(process.pid)}`,
      signal: stopping.signal,
      onProgress: teller(projection.name),
    });
  } finally {
    await tail.close();
  }
  say(`${projection.name}: the new rows serve; the old ones are dropped in a minute\n`);
}

/** The keys under which names can be read, so that the new rows are found by them. */
function masterKeysOf(config: Config): readonly string[] {
  const { dataDir, jwtIssuer: issuer, jwtAudience: audience, masterKey, masterKeyAlso } = config;
  const isDevelopment = config.mode === "development";
  const own = isDevelopment ? developmentKeys({ dataDir, issuer, audience }) : null;
  return [masterKey ?? own?.masterKey, masterKeyAlso].filter((key) => key !== undefined);
}

/** Tells on one line of a terminal, else on a line now and then. */
function teller(name: string): (progress: RebuildProgress) => void {
  let toldAt = -Infinity;
  const [start, end] = process.stdout.isTTY ? ["\r\u001b[K", ""] : ["", "\n"];
  return ({ phase, entities, events, eventsPerSecond, share }) => {
    const now = performance.now();
    if (phase === "folding" && now - toldAt < LINE_INTERVAL_MS) return;
    toldAt = now;
    const figures =
      `${String(Math.round(share * 100))} %, ${String(entities)} entities, ` +
      `${String(events)} events, ${String(eventsPerSecond)} events/s`;
    say(`${start}${name}: ${phase}, ${figures}${phase === "serving" ? "\n" : end}`);
  };
}
