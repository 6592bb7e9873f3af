/**
 * A relay in a process of its own, which competes for the lease like any other and tells its parent
 * how it is. Arguments: the URL and the name of a database, the URL of a NATS server.
 */
import { pino } from "pino";
import {
  connectMongo,
  connectNats,
  createCheckpoints,
  createLeases,
  createMongoEventStore,
  createRelay,
  createTail,
} from "../../log/index.ts";

const STATUS_INTERVAL_MS = 20;

process.on("disconnect", () => process.exit());
const [mongodbUrl = "", database = "", natsUrl = ""] = process.argv.slice(2);
const logger = pino({ level: "silent" });
const { db } = await connectMongo({ url: mongodbUrl, database });
const relay = createRelay({
  nats: await connectNats({ url: natsUrl, name: "relay-process", logger }),
  store: createMongoEventStore(db),
  tail: createTail(db, { logger }),
  checkpoints: createCheckpoints(db),
  leases: createLeases(db, { node: `relay-${process.pid}`, logger }),
  limits: { maxAgeMs: 60 * 60 * 1000, maxBytes: 64 * 1024 * 1024 },
  logger,
});
relay.start();
setInterval(() => process.send?.(relay.status()), STATUS_INTERVAL_MS);
