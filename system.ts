import type { GatewayOptions, Metrics, SystemVersions } from "./gateway/index.ts";
import { readiness, type HealthParts } from "./readiness.ts";

type SystemDesk = NonNullable<GatewayOptions["system"]>;

/** Rates are of a stretch of at least this length. */
const STRETCH_MIN_MS = 1_000;

export interface SystemParts extends HealthParts {
  readonly metrics: Metrics;
  readonly versions: SystemVersions;
}

/** How the rooms of this process are doing, and what can be done about what they had to park. */
export function createSystemDesk(parts: SystemParts): SystemDesk {
  const { projections, relay, metrics, versions } = parts;
  const events = createRate(relay.status().published);
  const commands = createRate(metrics.commandsAnswered());

  return {
    async status() {
      const { isReady, details } = await readiness(parts);
      const eventsPerSecond = events(details.relay.published);
      const commandsPerSecond = commands(metrics.commandsAnswered());
      const at = new Date().toISOString();
      return { at, isReady, ...details, eventsPerSecond, commandsPerSecond, versions };
    },
    deadLetters: () => projections.deadLetters(),
    retry: (projection, stream) => projections.retry(projection, stream),
    skip: (projection, stream, by) => projections.skip(projection, stream, by),
  };
}

/** Takes a count that only grows; answers with how much it grew a second, lately. */
function createRate(first: number): (count: number) => number {
  let stretch = { at: Date.now(), count: first };
  let perSecond = 0;
  return (count) => {
    const at = Date.now();
    const passedMs = at - stretch.at;
    if (passedMs >= STRETCH_MIN_MS) {
      perSecond = ((count - stretch.count) * 1_000) / passedMs;
      stretch = { at, count };
    }
    return perSecond;
  };
}
