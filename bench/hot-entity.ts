import type { CommandBus } from "../actors/index.ts";
import { measure, type Figure } from "./measure.ts";
import { adjustment, sendAccepted, type Answered } from "./system.ts";

export const HOT_IN_FLIGHT = 64;

interface Options {
  readonly bus: CommandBus;
  readonly product: string;
  readonly answered: Answered;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** How many commands a second does one entity answer, when everybody wants the same one? */
export function measureHotEntity(options: Options): Promise<Figure> {
  const { bus, product, answered, durationMs, signal } = options;
  return measure({ inFlight: HOT_IN_FLIGHT, durationMs, signal }, () =>
    sendAccepted(bus, adjustment(product), answered),
  );
}
