/**
 * One actor per order and product, one command at a time. The bus brings a command to its entity,
 * which decides it by the statechart, appends its events to the log, hands them to the live actor
 * and answers, in that order. Nothing is answered that is not proved: an acceptance by its own
 * commit, anything else by a commit of the same turn or a read of the log. The room holds no rule
 * of the domain, no read model and no driver. Change the order of a turn or the rules of
 * `settle.ts`, and a command can be answered that never happened, or happen twice.
 */
export type { Clock } from "./clock.ts";
export type { CommandBus, CommandEnvelope, CommandOutcome } from "./command.ts";
export { createCommandBus } from "./command-bus.ts";
export { noteRefusals } from "./note-refusals.ts";
export type { ActorLimits } from "./limits.ts";
export { machineHash } from "./machine-hash.ts";
export { loadState } from "./load.ts";
export { armCrash, busWithCrashPoints, crashPoints, withCrashPoints } from "./crash-points.ts";
export { createReactor } from "./reactor.ts";
export type { Reactor } from "./reactor.ts";
export { createTimerFiring } from "./timers.ts";
export type { TimerFiring } from "./timers.ts";
