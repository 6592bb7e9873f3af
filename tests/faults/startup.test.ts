import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { disposeLater, testFolder, testNats } from "../support/servers.ts";
import { startAndFail, startStatecartProcess } from "../support/statecart-process.ts";
import { oldMongod, oldNatsServer } from "./old-servers.ts";
import { serverWithoutJetStream, standaloneMongod } from "./unfit-servers.ts";
import { masterKey } from "../support/personal-sample.ts";

interface Fault {
  readonly name: string;
  /** What is wrong, as environment variables; whatever it opens is closed after the test. */
  readonly env: () => Promise<Readonly<Record<string, string>>>;
  readonly args?: readonly string[];
  /** The one sentence. */
  readonly says: RegExp;
  readonly exitCode?: number;
}

/** Addresses of servers that are fit, so that only the fault of the row is one. */
async function fit(): Promise<Record<string, string>> {
  const nats = await testNats();
  return { MONGODB_URL: inject("mongodbUrl"), NATS_URL: nats.url, MONGODB_DATABASE: "startup" };
}

async function occupiedPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  disposeLater(() => Promise.resolve(server.close()));
  return String((server.address() as AddressInfo).port);
}

/** A small disk of its own in memory; needs root, as a container or CI has it. */
async function disk(options: string): Promise<string> {
  const folder = await testFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  disposeLater(() => Promise.resolve(execFileSync("umount", ["-l", folder])));
  return folder;
}

const faults: readonly Fault[] = [
  {
    name: "the port is in use",
    env: async () => ({ ...(await fit()), PORT: await occupiedPort() }),
    says: /port \d+ .*in use/i,
  },
  {
    name: "MongoDB cannot be reached",
    env: async () => ({ ...(await fit()), MONGODB_URL: "mongodb://127.0.0.1:1/" }),
    says: /MongoDB cannot be reached/,
  },
  {
    name: "MongoDB is older than 6.0",
    env: async () => ({ ...(await fit()), MONGODB_URL: await oldMongod() }),
    says: /MongoDB 5\.0\.4 is too old.*6\.0/,
  },
  {
    name: "MongoDB is no replica set",
    env: async () => ({ ...(await fit()), MONGODB_URL: await standaloneMongod() }),
    says: /standalone.*--replSet/,
  },
  {
    name: "NATS cannot be reached",
    env: async () => ({ ...(await fit()), NATS_URL: "nats://127.0.0.1:1" }),
    says: /No NATS server answers at 127\.0\.0\.1:1/,
  },
  {
    name: "NATS is older than 2.9",
    env: async () => ({ ...(await fit()), NATS_URL: await oldNatsServer() }),
    says: /2\.8\.4.*2\.9 is the oldest/,
  },
  {
    name: "NATS has no JetStream",
    env: async () => ({ ...(await fit()), NATS_URL: await serverWithoutJetStream() }),
    says: /no JetStream.*-js/,
  },
  {
    name: "the key file is missing",
    env: async () => ({ ...(await production()), STATECART_JWT_KEYS: "/nowhere/keys.pem" }),
    says: /key file \/nowhere\/keys\.pem cannot be read/,
  },
  {
    name: "the key file holds no key",
    env: async () => {
      const file = join(await testFolder(), "keys.pem");
      writeFileSync(file, "this is not a key");
      return { ...(await production()), STATECART_JWT_KEYS: file };
    },
    says: /key file .*keys\.pem/,
  },
  {
    name: "the data folder is on a full disk",
    env: async () => ({ DATA_DIR: await disk("size=4m") }),
    says: /disk|space/i,
  },
  {
    name: "the data folder cannot be written",
    env: async () => ({ DATA_DIR: await disk("size=4m,ro") }),
    says: /read-only|cannot be written/i,
  },
  {
    name: "settings are wrong",
    env: () => Promise.resolve({ PORT: "high", STATECART_LOG_LEVEL: "loud" }),
    says: /PORT .*whole number[\s\S]*STATECART_LOG_LEVEL/,
    exitCode: 2,
  },
  {
    name: "a role other than all is asked for",
    env: () => Promise.resolve({}),
    args: ["--role", "gateway"],
    says: /every role runs in one process/,
    exitCode: 2,
  },
];

async function production(): Promise<Record<string, string>> {
  return {
    ...(await fit()),
    STATECART_MODE: "production",
    STATECART_SECRET: "s".repeat(32),
    STATECART_MASTER_KEY: masterKey,
  };
}

describe("a start that cannot succeed says why in a sentence and ends", () => {
  test.for(faults)("when $name", async ({ env, args = [], says, exitCode = 1 }) => {
    const given = await env();
    const { DATA_DIR: dataDir = await testFolder(), ...rest } = given;
    const ended = await startAndFail({ dataDir, env: rest, args });
    expect(ended.stderr).toMatch(says);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

test("a second start on the same data names who holds it", async () => {
  const first = await startStatecartProcess();
  const second = await startAndFail({ dataDir: first.dataDir });
  expect(second.stderr).toContain(`process ${first.pid}`);
  expect(second.exitCode).toBe(1);
});
