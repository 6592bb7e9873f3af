import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { about, settings, type About } from "./settings.ts";

const schema = z.object(settings);

/** What development makes by itself and production must be given. */
const requiredInProduction = ["jwtKeys", "secret", "masterKey", "mongodbUrl", "natsUrl"] as const;

export type Config = Readonly<z.infer<typeof schema>>;

/** Everything that is wrong with the settings, a line each. */
export class ConfigFault extends Error {
  readonly code = "CONFIG_INVALID";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

type SettingName = keyof typeof settings;
const names = Object.keys(settings) as SettingName[];
const aboutOf = (name: SettingName): About => {
  const entry = about.get(settings[name]);
  if (entry === undefined) throw new Error(`setting ${name} has no description`);
  return entry;
};
const flagOf = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** Reads all settings. Throws a `ConfigFault` that lists every fault at once. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly config: Config; readonly json: boolean } {
  const faults: string[] = [];
  const flags = readFlags(args, faults);
  const raw: Record<string, string> = {};
  for (const name of names) {
    const text = flags.values[name] ?? readVariable(aboutOf(name), env, faults);
    if (text !== undefined) raw[name] = text;
  }
  faults.push(...unknownVariables(env));
  const parsed = schema.safeParse(raw);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path[0] as SettingName;
    faults.push(`${aboutOf(name).env} (--${flagOf(name)}): ${issue.message}`);
  }
  for (const name of raw["mode"] === "production" ? requiredInProduction : []) {
    if (raw[name] !== undefined) continue;
    faults.push(`${aboutOf(name).env} (--${flagOf(name)}): is required in production mode`);
  }
  if (raw["mode"] === "production" && raw["crashAt"] !== undefined) {
    faults.push(`${aboutOf("crashAt").env} (--${flagOf("crashAt")}): is not for production`);
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigFault(faults);
  return { config: parsed.data, json: flags.json };
}

function readFlags(
  args: readonly string[],
  faults: string[],
): { values: Partial<Record<string, string>>; json: boolean } {
  const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true });
  const values: Partial<Record<string, string>> = {};
  let json = false;
  let taken = -1;
  for (const token of tokens) {
    if (token.index === taken || token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      faults.push(`'${token.value}': settings are given as --name value`);
      continue;
    }
    if (token.name === "json") {
      json = true;
      continue;
    }
    const name = names.find((candidate) => flagOf(candidate) === token.name);
    const next = args[token.index + 1];
    const value = token.value ?? (next?.startsWith("--") === true ? undefined : next);
    if (token.value === undefined && value !== undefined) taken = token.index + 1;
    if (name === undefined) faults.push(`--${token.name}: there is no such setting`);
    else if (value === undefined) faults.push(`--${token.name}: a value is missing`);
    else values[name] = value;
  }
  return { values, json };
}

function readVariable(
  { env: variable, secret }: About,
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): string | undefined {
  const given = env[variable];
  if (given !== undefined && given !== "") return given;
  const file = secret ? env[`${variable}_FILE`] : undefined;
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    faults.push(`${variable}_FILE: ${file} cannot be read (${(error as Error).message})`);
    return undefined;
  }
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(names.flatMap((name) => [aboutOf(name).env, `${aboutOf(name).env}_FILE`]));
  return Object.keys(env)
    .filter((variable) => variable.startsWith("STATECART_") && !known.has(variable))
    .map((variable) => `${variable}: there is no such setting (see docs/configuration.md)`);
}

/** One setting as a person reads about it; `standard` is its default, empty when there is none. */
export interface SettingInfo extends About {
  readonly flag: string;
  readonly standard: string;
}

/** Every setting, for `--help` and `docs/configuration.md`. */
export function settingInfos(): readonly SettingInfo[] {
  return names.map((name) => {
    const parsed = z.safeParse(settings[name], undefined);
    const standard = parsed.success ? shown(parsed.data) : "";
    return { ...aboutOf(name), flag: flagOf(name), standard };
  });
}

/** A default as a person would set it; lists and tables are empty by default. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
