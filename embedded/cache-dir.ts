import { homedir } from "node:os";
import { join } from "node:path";

/** The usual folder for fetched programs: `$XDG_CACHE_HOME/statecart` or `~/.cache/statecart`. */
export function defaultCacheDir(
  environment: { XDG_CACHE_HOME?: string | undefined } = process.env,
): string {
  const configured = environment.XDG_CACHE_HOME;
  const base = configured?.startsWith("/") ? configured : join(homedir(), ".cache");
  return join(base, "statecart");
}
