/**
 * Real servers for `npm start` without any set-up, and for the tests: finds or fetches mongod and
 * nats-server, and runs them on loopback as children of this process. It knows nothing of orders or
 * events, and is not used when MONGODB_URL and NATS_URL name servers that already run. What breaks
 * if you change it: a child must not outlive its parent, even on kill -9; a program appears in the
 * cache whole or not at all; and the port stays with the data, because a replica set of one finds
 * no primary on a port it does not know. Every failure is an EmbeddedError whose message is one
 * sentence for the user, with a `code` to recognise it by.
 */
export type { FindOptions, FoundBinary } from "./binary-check.ts";
export { defaultCacheDir } from "./cache-dir.ts";
export { EmbeddedError, type EmbeddedErrorCode } from "./errors.ts";
export { keepRunning } from "./keep-running.ts";
export type { LocalServer, StartOptions } from "./local-server.ts";
export { findMongod, startMongod } from "./mongod.ts";
export { findNatsServer, startNatsServer } from "./nats-server.ts";
