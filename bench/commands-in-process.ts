import type { CommandBus } from "../actors/index.ts";
import { measure, type Figure } from "./measure.ts";
import { adjustment, sendAccepted, type Answered } from "./system.ts";

export const IN_FLIGHT = 512;

interface Options {
  readonly bus: CommandBus;
  readonly products: readonly string[];
  readonly answered: Answered;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** How many commands a second does one process answer, spread over many entities? */
export function measureCommandsInProcess(options: Options): Promise<Figure> {
  const { bus, products, answered, durationMs, signal } = options;
  return measure({ inFlight: IN_FLIGHT, durationMs, signal }, (index) =>
    sendAccepted(bus, adjustment(products[index % products.length] ?? ""), answered),
  );
}
