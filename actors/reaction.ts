import type { Logger } from "pino";
import { eventId, type Commit } from "../log/index.ts";
import type { Caller, CommandReaction, ProviderReaction, Reaction } from "../machines/index.ts";
import { aggregates } from "../machines/index.ts";
import type { PaymentOutcome, PaymentProvider } from "../payments/index.ts";
import type { Clock } from "./clock.ts";
import type { CommandBus, CommandOutcome } from "./command.ts";
import type { Ending } from "./ending.ts";
import { Gate } from "./gate.ts";
import { sendUntilAnswered } from "./persistent-send.ts";

const REACTOR: Caller = { subject: "reactor", scope: "internal" };

/**
 * A reaction is told apart by its id alone, which says the event, the target and the part: so a
 * repeat by later code, which may put more into the command, still gets the stored answer.
 */
const PAYLOAD_HASH = "reaction";

/** Commands of the reactor under way at once. */
const COMMANDS_IN_FLIGHT_MAX = 256;
/** Calls of the provider under way at once; a slow one keeps its place until its deadline. */
const CALLS_IN_FLIGHT_MAX = 512;

interface PerformerOptions {
  readonly bus: CommandBus;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
  readonly attemptTimeoutMs: number;
  readonly logger: Logger;
  /** Told of every answer that a reaction must not have. */
  readonly onBug: () => void;
}

/** The event that asks for the reaction. */
export interface Cause {
  readonly commit: Commit;
  readonly version: number;
}

/**
 * Does what a reaction asks for and resolves once it is answered, however long that takes; false
 * when the end came first or a bug is in the way. Never throws.
 */
export type Perform = (reaction: Reaction, cause: Cause, ending: Ending) => Promise<boolean>;

/** The one way from reactions to the bus and the provider. */
export function createPerformer(options: PerformerOptions): Perform {
  const { bus, provider, clock, attemptTimeoutMs, logger, onBug } = options;
  const commands = new Gate(COMMANDS_IN_FLIGHT_MAX);
  const calls = new Gate(CALLS_IN_FLIGHT_MAX);

  function report(command: SentCommand, { commit, version }: Cause, answer: object): void {
    onBug();
    const { meta, stream } = commit;
    const place = { correlationId: meta.correlationId, eventId: eventId(stream, version) };
    const { commandId, type, entityId } = command;
    logger.error({ ...place, commandId, type, entityId, ...answer }, "a reaction was not taken");
  }

  async function send(command: SentCommand, cause: Cause, ending: Ending): Promise<boolean> {
    const { commandId, aggregate, entityId, type, data } = command;
    const { correlationId, traceparent } = cause.commit.meta;
    const outcome = await sendUntilAnswered({
      bus,
      gate: commands,
      ending,
      envelope: () => ({
        commandId,
        aggregate,
        entityId,
        command: { type, data, now: clock.now().toISOString(), by: REACTOR },
        payloadHash: PAYLOAD_HASH,
        correlationId,
        causationId: eventId(cause.commit.stream, cause.version),
        ...(traceparent === undefined ? {} : { traceparent }),
        deadline: Date.now() + attemptTimeoutMs,
      }),
    });
    if (outcome === null) return false;
    if (!isTaken(command, outcome)) report(command, cause, answerOf(outcome));
    return outcome.kind !== "failed";
  }

  async function ask(reaction: ProviderReaction, cause: Cause, ending: Ending): Promise<boolean> {
    const { record } = reaction;
    let outcome: PaymentOutcome | null;
    try {
      // The next reactor is told the same outcome.
      outcome = await calls.pass(() => ending.orEnd(call(provider, reaction)));
      if (outcome === null) return false;
    } catch (err) {
      // A request that is never judged says nothing about money, so it must not end the attempt.
      report(record, cause, { err });
      outcome = { outcome: "UNKNOWN", reason: "NOT_JUDGED" };
    }
    return send({ ...record, data: { ...record.data, ...outcome } }, cause, ending);
  }

  return async (reaction, cause, ending) => {
    if (ending.isHere) return false;
    return reaction.kind === "command"
      ? await send(reaction, cause, ending)
      : await ask(reaction, cause, ending);
  };
}

type SentCommand = Omit<CommandReaction, "kind">;

/** Every command of a reaction ends in an event; only an answer may come too late to be one. */
function isTaken({ aggregate, type }: SentCommand, outcome: CommandOutcome): boolean {
  if (outcome.kind === "accepted") return true;
  return outcome.kind === "unchanged" && aggregates[aggregate].commands[type]?.isAnswer === true;
}

/** What a log line may say of an answer: a state holds personal fields. */
function answerOf(outcome: CommandOutcome): object {
  const { kind } = outcome;
  if (outcome.kind === "refused") {
    const { code, message, state } = outcome.refusal;
    return { answer: kind, code, reason: message, state };
  }
  return { answer: kind };
}

function call(
  provider: PaymentProvider,
  { request, record }: ProviderReaction,
): Promise<PaymentOutcome> {
  const { call: kind, key, attemptId, amount, method } = request;
  const { entityId: orderId } = record;
  switch (kind) {
    case "authorise":
      return provider.authorise({ key, amount, token: method?.token ?? "", reference: orderId });
    case "capture":
      return provider.capture({ key, amount });
    case "void":
      return provider.void({ key });
    case "refund":
      return provider.refund({ key, paymentKey: attemptId, amount });
  }
}
