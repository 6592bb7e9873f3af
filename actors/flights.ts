import type { CommandEnvelope, CommandOutcome } from "./command.ts";
import { overloaded } from "./outcome.ts";

type Carry = (envelope: CommandEnvelope) => Promise<CommandOutcome>;

interface Flight {
  readonly stream: string;
  readonly payloadHash: string;
  readonly outcome: Promise<CommandOutcome>;
}

/** The commands under way in this process, at most so many; a repeat joins the one in flight. */
export class Flights {
  readonly #countMax: number;
  readonly #byCommandId = new Map<string, Flight>();
  #count = 0;
  #onEmpty: (() => void)[] = [];

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Carries the command, or joins the flight of the same command that is under way. */
  async board(envelope: CommandEnvelope, carry: Carry): Promise<CommandOutcome> {
    if (this.#count >= this.#countMax) return overloaded;
    this.#count += 1;
    try {
      return await (this.#join(envelope, carry) ?? this.#start(envelope, carry));
    } finally {
      this.#count -= 1;
      if (this.#count === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
    }
  }

  /** Resolves when no command is under way. */
  async landed(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  /** Only an acceptance speaks for a repeat that came later; anything else is decided anew. */
  #join(envelope: CommandEnvelope, carry: Carry): Promise<CommandOutcome> | null {
    const flight = this.#find(envelope);
    if (flight === null) return null;
    return flight.outcome.then(async (outcome) => {
      if (outcome.kind === "accepted") return { ...outcome, repeated: true };
      // A flight that started after this repeat had come is its decision anew, whatever its end.
      const anew = this.#find(envelope);
      if (anew === null) return this.#start(envelope, carry);
      const again = await anew.outcome;
      return again.kind === "accepted" ? { ...again, repeated: true } : again;
    });
  }

  #find({ commandId, entityId, payloadHash }: CommandEnvelope): Flight | null {
    const flight = this.#byCommandId.get(commandId);
    return flight?.stream === entityId && flight.payloadHash === payloadHash ? flight : null;
  }

  /** A command that differs from the one in flight under its id flies unregistered. */
  #start(envelope: CommandEnvelope, carry: Carry): Promise<CommandOutcome> {
    const { commandId, entityId: stream, payloadHash } = envelope;
    if (this.#byCommandId.has(commandId)) return carry(envelope);
    const outcome = carry(envelope).finally(() => this.#byCommandId.delete(commandId));
    this.#byCommandId.set(commandId, { stream, payloadHash, outcome });
    return outcome;
  }
}
