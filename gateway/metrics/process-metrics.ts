import { collectDefaultMetrics, Registry } from "prom-client";

let registry: Registry | null = null;

/**
 * CPU, memory, event loop and garbage collection. There is one set for the whole process, because
 * what watches the event loop cannot be ended again; it begins when it is first asked for.
 */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
