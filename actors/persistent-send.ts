import type { CommandBus, CommandEnvelope, CommandOutcome } from "./command.ts";
import type { Ending } from "./ending.ts";
import type { Gate } from "./gate.ts";

const PAUSE_FIRST_MS = 20;
const PAUSE_MAX_MS = 5_000;
/** A command that meets a bug this often is given up: what it asks for waits for other code. */
const FAULTS_MAX = 5;

interface PersistentSend {
  readonly bus: CommandBus;
  readonly gate: Gate;
  readonly ending: Ending;
  /** Made anew for each try, with a new deadline. */
  readonly envelope: () => CommandEnvelope;
}

/**
 * Sends one command until it has a definite answer, pausing longer each time; null when the end
 * came first. A `FAULT` is an answer after a few tries, because a bug may last for ever.
 */
export async function sendUntilAnswered(send: PersistentSend): Promise<CommandOutcome | null> {
  const { bus, gate, ending, envelope } = send;
  let faults = 0;
  for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    if (ending.isHere) return null;
    const outcome = await gate.pass(() => bus.send(envelope()));
    if (outcome.kind !== "failed") return outcome;
    if (outcome.code === "FAULT") faults += 1;
    if (faults >= FAULTS_MAX) return outcome;
    await ending.sleep(pauseMs * (0.5 + Math.random() / 2));
  }
}
