import { performance } from "node:perf_hooks";
import type { CommandBus } from "../../actors/index.ts";
import type { Metrics } from "./metrics.ts";

/** The bus, with each command counted and timed. */
export function measuredBus(bus: CommandBus, metrics: Metrics): CommandBus {
  return {
    close: () => bus.close(),
    async send(envelope) {
      const begunAt = performance.now();
      const outcome = await bus.send(envelope);
      const seconds = (performance.now() - begunAt) / 1_000;
      metrics.commandEnded(envelope.command.type, outcome, seconds);
      return outcome;
    },
  };
}
