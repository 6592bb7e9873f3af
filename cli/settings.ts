import { settingInfos } from "../config.ts";

/** What `npm start -- --help` prints. */
export function usage(): string {
  const rows = settingInfos().map(
    ({ flag, env, description }) => `  --${flag} VALUE  (${env})\n      ${description}`,
  );
  return [
    "Usage: npm start -- [--json] [--name VALUE ...]",
    "Starts Statecart. A flag wins over the environment; docs/configuration.md has the defaults.",
    "",
    ...rows,
    "",
  ].join("\n");
}

/** The page `docs/configuration.md`; a test compares it with the committed one. */
export function configurationPage(): string {
  const rows = settingInfos().map(({ env, flag, standard, description, secret }) => {
    const file = secret ? ` or \`${env}_FILE\`` : "";
    const shown = standard === "" ? "" : `\`${standard}\``;
    return `| \`${env}\`${file} | \`--${flag}\` | ${shown} | ${description} |`;
  });
  return [
    "# Configuration",
    "",
    "Generated from `config.ts` by `npm run docs`. A flag wins over the environment; `_FILE` names",
    "a file that holds a secret. All faults are listed at once, with exit code 2. `--json` prints",
    "one line of JSON on standard output once ready, and everything else on standard error.",
    "",
    "| Variable | Flag | Default | Meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
