import { connect, Events } from "nats";
import type { ConnectionOptions, NatsConnection } from "nats";
import type { Logger } from "pino";
import { JetstreamError } from "./jetstream-error.ts";

const RECONNECT_WAIT_MS = 250;
const PING_INTERVAL_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const OLDEST_SERVER = [2, 9] as const;

/** Where NATS is and who we say we are; `url` may name several servers, separated by commas. */
export interface NatsOptions {
  readonly url: string;
  readonly name: string;
  readonly logger: Logger;
  /** Wait for a server that is not up yet instead of failing; default false. */
  readonly waitOnFirstConnect?: boolean;
}

/**
 * Connects, reconnects for ever and checks once that the server is fit. Throws a JetstreamError:
 * NATS_UNREACHABLE, NATS_TOO_OLD (below 2.9) or JETSTREAM_MISSING; all three are for the operator.
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  let nats: NatsConnection;
  try {
    nats = await connect(connectionOptions(options));
  } catch (error) {
    throw new JetstreamError(
      "NATS_UNREACHABLE",
      `No NATS server answers at ${withoutSecrets(options.url)}: ${messageOf(error)}`,
      error,
    );
  }
  try {
    await checkServer(nats, options.url);
  } catch (error) {
    await nats.close();
    throw error;
  }
  void watchStatus(nats, options.logger);
  return nats;
}

/** What is known of a connection's state, beside the client's own. */
interface Line {
  isUp: boolean;
  readonly onDown: Set<() => void>;
  readonly onUp: Set<() => void>;
}

const lines = new WeakMap<NatsConnection, Line>();

/**
 * Calls `listener` at every disconnect and at the end of the connection, until the returned
 * function is called. What was in flight then is lost without an error of its own: a request
 * waits its whole timeout although the server is back at once.
 */
export function onDisconnect(nats: NatsConnection, listener: () => void): () => void {
  const { onDown } = lineOf(nats);
  onDown.add(listener);
  return () => void onDown.delete(listener);
}

/** Resolves while the connection is up, or when the signal aborts; a request before is lost. */
export function untilConnected(nats: NatsConnection, signal: AbortSignal): Promise<void> {
  const line = lineOf(nats);
  return new Promise((resolve) => {
    const done = () => {
      line.onUp.delete(done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    line.onUp.add(done);
    signal.addEventListener("abort", done, { once: true });
    if (line.isUp || signal.aborted) done();
  });
}

/** The answer to a request, or a NATS_UNREACHABLE at once when the connection is or goes down. */
export function whileConnected<T>(nats: NatsConnection, request: () => Promise<T>): Promise<T> {
  const away = () => new JetstreamError("NATS_UNREACHABLE", "NATS is away.");
  if (!lineOf(nats).isUp) return Promise.reject(away());
  return new Promise<T>((resolve, reject) => {
    const forget = onDisconnect(nats, () => reject(away()));
    request().then(resolve, reject).finally(forget);
  });
}

function lineOf(nats: NatsConnection): Line {
  const line = lines.get(nats);
  if (line === undefined) throw new TypeError("this connection was not made by connectNats");
  return line;
}

async function watchStatus(nats: NatsConnection, logger: Logger): Promise<void> {
  const line: Line = { isUp: true, onDown: new Set(), onUp: new Set() };
  lines.set(nats, line);
  const tellDown = () => {
    line.isUp = false;
    for (const listener of [...line.onDown]) listener();
  };
  for await (const { type, data } of nats.status()) {
    if (type === Events.Disconnect) {
      tellDown();
      logger.warn({ server: data }, "NATS is away");
    } else if (type === Events.Reconnect) {
      line.isUp = true;
      for (const listener of [...line.onUp]) listener();
      logger.info({ server: data }, "NATS is back");
    }
  }
  tellDown();
}

function connectionOptions(options: NatsOptions): ConnectionOptions {
  const { servers, user, pass, isEncrypted } = addresses(options.url);
  return {
    servers,
    // Without it the client would go on in the clear with a server that offers no TLS.
    ...(isEncrypted ? { tls: {} } : {}),
    ...(user === "" ? {} : { user, pass }),
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    pingInterval: PING_INTERVAL_MS,
    timeout: CONNECT_TIMEOUT_MS,
    waitOnFirstConnect: options.waitOnFirstConnect ?? false,
    // Otherwise the client builds an Error for every request, half of what a publish costs.
    noAsyncTraces: true,
  };
}

interface Addresses {
  readonly servers: string[];
  readonly user: string;
  readonly pass: string;
  /** One `tls://` is enough: the client encrypts to all servers or to none. */
  readonly isEncrypted: boolean;
}

function addresses(list: string): Addresses {
  const urls = list.split(",").map((part) => {
    const text = part.trim();
    return new URL(text.includes("://") ? text : `nats://${text}`);
  });
  const [first] = urls;
  return {
    servers: urls.map((url) => `${url.hostname}:${url.port === "" ? "4222" : url.port}`),
    user: decodeURIComponent(first?.username ?? ""),
    pass: decodeURIComponent(first?.password ?? ""),
    isEncrypted: urls.some(({ protocol }) => protocol === "tls:"),
  };
}

function withoutSecrets(list: string): string {
  return addresses(list).servers.join(", ");
}

async function checkServer(nats: NatsConnection, url: string): Promise<void> {
  const version = nats.info?.version ?? "0.0.0";
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new JetstreamError(
      "NATS_TOO_OLD",
      `NATS at ${withoutSecrets(url)} is version ${version}; 2.9 is the oldest that works.`,
    );
  }
  try {
    await nats.jetstreamManager();
  } catch (error) {
    throw new JetstreamError(
      "JETSTREAM_MISSING",
      `The NATS server at ${withoutSecrets(url)} has no JetStream: start it with -js.`,
      error,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
