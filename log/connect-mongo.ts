import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { Db } from "mongodb";
import { MongoClient, MongoCompatibilityError } from "mongodb";
import { LogError } from "./log-error.ts";
import { isUnauthorized } from "./mongo-errors.ts";

const CONNECT_TIMEOUT_MS = 5_000;
/** A server that stops answering is noticed after this and the connect timeout at most. */
const HEARTBEAT_INTERVAL_MS = 5_000;
/**
 * A generous net under every operation: the connection is given up and the outcome is unknown. The
 * driver's `timeoutMS` has no effect any more (7.9), and this must outlast the slowest query.
 */
const SOCKET_TIMEOUT_MS = 60_000;
const POOL_SIZE_MAX = 64;

/**
 * A command larger than the socket's buffer makes the driver (7.9, `writeCommand`) wait for
 * `drain`, which never comes once its monitor has destroyed the socket: the operation and its
 * connection would hang for ever. Who still waits when a client socket closes is woken here, and
 * finds the connection dead.
 */
subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  socket.once("close", () => {
    if (socket.listenerCount("drain") > 0) socket.emit("drain");
  });
});

/** One pool of connections, shared by the rooms of this process. */
export interface MongoConnection {
  readonly db: Db;
  readonly close: () => Promise<void>;
}

/**
 * Connects once, for a start-up that names what is wrong: throws `MONGODB_URL_INVALID`,
 * `MONGODB_UNREACHABLE`, `MONGODB_TOO_OLD` or `MONGODB_UNAUTHORIZED`. Afterwards the driver
 * reconnects by itself.
 */
export async function connectMongo(options: {
  readonly url: string;
  readonly database: string;
}): Promise<MongoConnection> {
  const client = createClient(options.url);
  try {
    await client.connect();
    await client.db(options.database).command({ ping: 1 });
  } catch (cause) {
    await client.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (isUnauthorized(cause)) {
      const message = `MongoDB refuses the user or password of MONGODB_URL: ${reason}`;
      throw new LogError("MONGODB_UNAUTHORIZED", message, { cause });
    }
    if (cause instanceof MongoCompatibilityError) {
      throw new LogError("MONGODB_TOO_OLD", `MongoDB is too old: ${reason}`, { cause });
    }
    throw new LogError("MONGODB_UNREACHABLE", `MongoDB cannot be reached: ${reason}`, { cause });
  }
  return { db: client.db(options.database), close: () => client.close() };
}

function createClient(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: "statecart",
      // Shorter than the defaults of 30 s, so that commands meet their deadlines in an outage.
      serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      heartbeatFrequencyMS: HEARTBEAT_INTERVAL_MS,
      socketTimeoutMS: SOCKET_TIMEOUT_MS,
      maxPoolSize: POOL_SIZE_MAX,
      ignoreUndefined: true,
      writeConcern: { w: "majority" },
    });
  } catch {
    // The driver's error may quote the URL with its password, so it is not passed on.
    throw new LogError("MONGODB_URL_INVALID", "MONGODB_URL is not a MongoDB connection string");
  }
}
