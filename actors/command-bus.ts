import type { InspectionEvent } from "xstate";
import type { Logger } from "pino";
import type { EventStore, Snapshots } from "../log/index.ts";
import { Attempt } from "./attempt.ts";
import type { AttemptResult } from "./attempt.ts";
import type { CommandBus, CommandEnvelope, CommandOutcome } from "./command.ts";
import { Doubts } from "./doubts.ts";
import { Entities } from "./entities.ts";
import { frameFault, parseData } from "./envelope.ts";
import { Flights } from "./flights.ts";
import { defaultLimits } from "./limits.ts";
import type { ActorLimits } from "./limits.ts";
import { overloaded, refused, unavailable } from "./outcome.ts";
import { createSnapshotWriter } from "./snapshot-writer.ts";

export interface CommandBusOptions {
  readonly store: EventStore;
  readonly snapshots: Snapshots;
  /** `machineHash()`: snapshots of other statecharts than these are not used. */
  readonly machineHash: string;
  readonly node: string;
  readonly epoch?: number;
  readonly limits?: Partial<ActorLimits>;
  readonly logger: Logger;
  /** Told of every refused command that has reached its entity; must return at once. */
  readonly onRefused?: (envelope: CommandEnvelope, refusal: Refused) => void;
  /** Sees what the live actors see: committed events only. Costs every event; absent = free. */
  readonly inspect?: (event: InspectionEvent) => void;
}

type Refused = Extract<CommandOutcome, { readonly kind: "refused" }>;

/**
 * The bus whose entities all live in this process. `send` never throws: whatever happens is an
 * outcome. Placement over several processes will choose the entity's owner before `Entities`.
 */
export function createCommandBus(options: CommandBusOptions): CommandBus {
  const { store, snapshots, machineHash, node, epoch = 0, logger, inspect } = options;
  const limits: ActorLimits = { ...defaultLimits, ...options.limits };
  const snapshotWriter = createSnapshotWriter({
    snapshots,
    machineHash,
    inFlightMax: limits.snapshotsInFlightMax,
    logger,
  });
  const entities = new Entities({
    store,
    snapshots,
    machineHash,
    snapshotWriter,
    limits,
    logger,
    origin: { node, epoch },
    doubts: new Doubts(),
    ...(inspect !== undefined && { inspect }),
  });
  const flights = new Flights(limits.commandsInFlightMax);
  let isClosed = false;

  async function carry(sent: CommandEnvelope): Promise<CommandOutcome> {
    const { envelope, malformed } = parseData(sent);
    let { deadline } = envelope;
    for (let count = 1; ; count += 1) {
      const result = await attempt(new Attempt(envelope, malformed, deadline));
      const isOpen = count > 1 && result.kind === "failed" && result.code === "OVERLOADED";
      if (result.kind === "refused") options.onRefused?.(envelope, result);
      if (result.kind !== "unknown") return isOpen ? unavailable : result;
      if (count >= limits.attemptsMax || isClosed) {
        const { commandId, correlationId } = envelope;
        logger.warn({ err: result.cause, commandId, correlationId }, "a command's outcome is open");
        return unavailable;
      }
      deadline = Date.now() + limits.attemptTimeoutMs;
    }
  }

  async function attempt(one: Attempt): Promise<AttemptResult> {
    const { aggregate, entityId: id } = one.envelope;
    const entity = entities.wake({ aggregate, id });
    if (entity?.offer(one) !== true) return overloaded;
    return one.result;
  }

  return {
    async send(envelope) {
      const fault = frameFault(envelope);
      if (fault !== null) return refused(fault, 0);
      if (isClosed) return unavailable;
      try {
        return await flights.board(envelope, carry);
      } catch (error) {
        logger.error({ err: error, correlationId: envelope.correlationId }, "the bus met a fault");
        return unavailable;
      }
    },
    async close() {
      isClosed = true;
      await flights.landed();
      entities.close();
      await snapshotWriter.drain();
    },
  };
}
