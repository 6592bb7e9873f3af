import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "mongodb";
import type { NatsConnection } from "nats";
import { machineHash } from "./actors/index.ts";
import type { SystemVersions } from "./gateway/index.ts";

const ASK_TIMEOUT_MS = 2_000;

/** What runs in this process and whom it speaks to, as they say at its start. */
export async function readVersions(db: Db, nats: NatsConnection): Promise<SystemVersions> {
  return {
    statecart: ownVersion(),
    node: process.version.slice(1),
    mongodb: await mongodbVersion(db),
    nats: nats.info?.version ?? null,
    machines: machineHash().slice(0, 12),
  };
}

/** Beside these sources, or beside the folder that they were built into. */
function ownVersion(): string {
  const places = [import.meta.dirname, join(import.meta.dirname, "..")];
  const file = places.map((place) => join(place, "package.json")).find((path) => existsSync(path));
  if (file === undefined) return "unknown";
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

async function mongodbVersion(db: Db): Promise<string | null> {
  try {
    const { version } = await db.command({ buildInfo: 1 }, { timeoutMS: ASK_TIMEOUT_MS });
    return typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}
