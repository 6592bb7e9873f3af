import pino, { type Logger } from "pino";
import { removeRunning, writeRunning } from "./cli/running.ts";
import { welcome } from "./cli/welcome.ts";
import { usage } from "./cli/settings.ts";
import { ConfigFault, readConfig } from "./config.ts";
import { startStatecart, type Statecart } from "./statecart.ts";

/**
 * The process: reads settings, starts everything, says where it is, and ends it all on Ctrl-C.
 * Exit codes: 0 ended as asked, 1 could not start or broke, 2 settings are wrong.
 */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Signals that come closer together are one Ctrl-C. */
const SAME_KEY_MS = 500;

if (process.argv.includes("--help")) {
  process.stdout.write(usage());
  process.exit(0);
}

try {
  const { config, json } = readConfig(process.argv.slice(2), process.env);
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2 }));
  const statecart = await startStatecart(config, { logger, report: say });
  stopOnSignal(statecart, { logger, dataDir: config.dataDir });
  if (config.mode === "development") writeRunning(config.dataDir, statecart.running);
  process.stdout.write(
    json ? `${JSON.stringify(statecart.running)}\n` : welcome(statecart.running, config),
  );
} catch (error) {
  const isConfigFault = error instanceof ConfigFault;
  const lines = isConfigFault ? error.faults : [sentenceOf(error)];
  for (const line of lines) say(`statecart: ${line}`);
  process.exit(isConfigFault ? 2 : 1);
}

/**
 * The first Ctrl-C drains and stops everything, the second does not wait. From a terminal each one
 * comes twice at once: to all processes, and from npm to the one it has started.
 */
function stopOnSignal(
  statecart: Statecart,
  { logger, dataDir }: { readonly logger: Logger; readonly dataDir: string },
): void {
  let stoppingAt: number | null = null;
  const stop = (): void => {
    const now = performance.now();
    if (stoppingAt !== null && now - stoppingAt < SAME_KEY_MS) return;
    if (stoppingAt !== null) process.exit(1);
    stoppingAt = now;
    say("statecart: stopping (again to stop at once)");
    removeRunning(dataDir);
    statecart.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

/** Expected faults carry a code and are sentences already; of any other the stack is what helps. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hasCode = "code" in error && typeof error.code === "string";
  return hasCode ? error.message : (error.stack ?? error.message);
}
