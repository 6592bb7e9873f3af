import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { configurationPage } from "../../cli/settings.ts";
import { ConfigFault, readConfig } from "../../config.ts";
import { inspectionExtent } from "../../inspection-setting.ts";

function faultsOf(args: readonly string[], env: Record<string, string>): readonly string[] {
  try {
    readConfig(args, env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  throw new Error("the settings were accepted");
}

test("a flag wins over the environment, which wins over the default", () => {
  expect(readConfig([], {}).config.port).toBe(4_000);
  expect(readConfig([], { PORT: "0" }).config.port).toBe(0);
  expect(readConfig(["--port", "7"], { PORT: "0" }).config.port).toBe(7);
  expect(readConfig(["--port=7", "--json"], {})).toMatchObject({ json: true, config: { port: 7 } });
});

test("an empty variable counts as absent", () => {
  expect(readConfig([], { PORT: "", MONGODB_URL: "" }).config).toMatchObject({ port: 4_000 });
});

test("every fault is listed at once, with the name of its setting", () => {
  const env = { PORT: "70000", MONGODB_URL: "http://db", STATECART_TYPO: "1" };
  const faults = faultsOf(["--role", "relay", "--nonsense", "1", "stray"], env);
  expect(faults.join("\n")).toMatch(/PORT .*0 to 65535/);
  for (const name of ["MONGODB_URL", "STATECART_TYPO", "STATECART_ROLE", "--nonsense", "stray"]) {
    expect(faults.some((fault) => fault.includes(name))).toBe(true);
  }
});

test("a flag without a value is a fault, not the next flag", () => {
  expect(faultsOf(["--port", "--json"], {})).toEqual(["--port: a value is missing"]);
});

test("production must be given its keys, its secret and its servers", () => {
  const faults = faultsOf([], { STATECART_MODE: "production" });
  const names = ["JWT_KEYS", "SECRET", "MASTER_KEY", "MONGODB_URL", "NATS_URL"];
  for (const name of names) {
    expect(faults).toContainEqual(expect.stringMatching(new RegExp(`${name}.*required`)));
  }
});

test("nobody looks at statecharts in production unless that is asked for", () => {
  expect(inspectionExtent(undefined, "production")).toBe("off");
  expect(inspectionExtent(undefined, "development")).toBe("feed");
  const { config } = readConfig([], { STATECART_INSPECTION: "viewer" });
  expect(inspectionExtent(config.inspection, "production")).toBe("viewer");
  expect(faultsOf([], { STATECART_INSPECTION: "on" }).join()).toContain("STATECART_INSPECTION");
});

test("a secret is read from the file that _FILE names, and a missing file is a fault", () => {
  const folder = mkdtempSync(join(tmpdir(), "statecart-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "secret");
  writeFileSync(file, `${"s".repeat(40)}\n`);
  expect(readConfig([], { STATECART_SECRET_FILE: file }).config.secret).toBe("s".repeat(40));
  const faults = faultsOf([], { STATECART_SECRET_FILE: join(folder, "other") });
  expect(faults[0]).toMatch(/STATECART_SECRET_FILE: .*cannot be read/);
});

test("docs/configuration.md is what config.ts says", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
  expect(page, "run 'npm run docs'").toBe(configurationPage());
});
