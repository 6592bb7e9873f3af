/**
 * Entities, the reactor and the timers in memory, around the real `decide`, `applyEvent`,
 * `reactionsOf` and `timersOf`. Command ids are remembered as the log remembers them: an accepted
 * command is never decided twice, a refused or unchanged one is decided anew.
 */
import {
  aggregates,
  applyEvent,
  decide,
  enteredAfter,
  initialState,
  reactionsOf,
  timerCommandIdOf,
  timersOf,
} from "../../../machines/index.ts";
import type {
  AggregateName,
  Caller,
  Decision,
  DomainEvent,
  EnteredVersions,
  EntityState,
  Reaction,
  Timer,
} from "../../../machines/index.ts";
import type { Outcome, Provider } from "./provider.ts";

const INTERNAL: Caller = { subject: "reactor", scope: "internal" };

export interface Sent {
  readonly commandId: string;
  readonly aggregate: AggregateName;
  readonly entityId: string;
  readonly type: string;
  readonly data: object;
  readonly by?: Caller;
}

export type Answer =
  | { readonly kind: "accepted" | "repeated" | "unchanged" }
  | { readonly kind: "refused"; readonly code: string };

interface Entity {
  readonly aggregate: AggregateName;
  readonly id: string;
  state: EntityState;
  readonly events: DomainEvent[];
  readonly landed: Set<string>;
  /** The reactor's position. */
  reacted: number;
  entered: EnteredVersions;
  /** Timers that stand or stood, by id; the fired ones have had a definite answer. */
  readonly timers: Map<string, Timer>;
  readonly fired: Set<string>;
}

export interface World {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly clock: { now: number };
  send(command: Sent): Answer;
  /** One event of an entity that the reactor has not seen; stops after `crashAt` reactions. */
  react(entity: Entity, crashAt?: number): void;
  /** The reactions of an event that was handled before, once more. */
  redeliver(entity: Entity, version: number): void;
  /** What the provider has decided is told once more, by itself. */
  webhook(entity: Entity, version: number): void;
  standing(entity: Entity): readonly Timer[];
  fire(entity: Entity, timer: Timer): Answer;
}

/** `check` sees every event with the state before and after it. */
export type Check = (
  entity: Pick<Entity, "aggregate" | "id">,
  step: { before: EntityState; after: EntityState; event: DomainEvent },
) => void;

function newEntity(aggregate: AggregateName, id: string): Entity {
  return {
    aggregate,
    id,
    state: initialState(aggregates[aggregate]),
    events: [],
    landed: new Set(),
    reacted: 0,
    entered: {},
    timers: new Map(),
    fired: new Set(),
  };
}

function standingOf({ aggregate, id, state, entered }: Entity): readonly Timer[] {
  return timersOf(aggregates[aggregate], { stream: id, state }, entered);
}

/** Writes decided events, one by one, as a log and a projection of timers would see them. */
function land(entity: Entity, decision: Decision, check: Check): void {
  if (decision.kind === "refused") return;
  const aggregate = aggregates[entity.aggregate];
  const last = decision.events.length - 1;
  for (const [index, event] of decision.events.entries()) {
    const before = entity.state;
    const after = index === last ? decision.state : applyEvent(aggregate, before, event);
    entity.state = after;
    entity.events.push(event);
    const version = entity.events.length;
    entity.entered = enteredAfter(aggregate, entity.entered, { state: after, version });
    for (const timer of standingOf(entity)) entity.timers.set(timer.timerId, timer);
    check(entity, { before, after, event });
  }
}

function reactionsTo({ aggregate, id, events }: Entity, version: number): readonly Reaction[] {
  const event = events[version - 1];
  if (event === undefined) throw new RangeError(`${id} has no version ${version}`);
  return reactionsOf({ aggregate, stream: id, version, event });
}

/** Sends to the entities, and remembers by id what was accepted. */
function createBus(entities: Map<string, Entity>, clock: { now: number }, check: Check) {
  return ({ commandId, aggregate, entityId, type, data, by = INTERNAL }: Sent): Answer => {
    const entity = entities.get(entityId) ?? newEntity(aggregate, entityId);
    entities.set(entityId, entity);
    if (entity.landed.has(commandId)) return { kind: "repeated" };
    const parsed = aggregates[aggregate].commands[type]?.schema.parse(data) as object;
    const now = new Date(clock.now).toISOString();
    const command = { type, data: parsed, now, by };
    const decision = decide(aggregates[aggregate], entity.state, command);
    if (decision.kind === "refused") return { kind: "refused", code: decision.refusal.code };
    if (decision.events.length === 0) return { kind: "unchanged" };
    land(entity, decision, check);
    entity.landed.add(commandId);
    return { kind: "accepted" };
  };
}

/** Does what a reaction says. Every command to a product, and no Record, must end in an event. */
function createReactor(send: World["send"], provider: Provider) {
  const tell = (record: Sent, outcome: Outcome): void => {
    const answer = send({ ...record, data: { ...record.data, ...outcome } });
    if (answer.kind === "refused") throw new Error(`${record.type} was refused: ${answer.code}`);
  };
  const perform = (reaction: Reaction): void => {
    if (reaction.kind === "provider") {
      tell(reaction.record, provider.call(reaction.request));
      return;
    }
    const answer = send(reaction);
    const isLate = reaction.type.startsWith("Record") && answer.kind === "unchanged";
    if (answer.kind !== "accepted" && answer.kind !== "repeated" && !isLate) {
      throw new Error(`${reaction.type} ended in ${JSON.stringify(answer)} instead of an event`);
    }
  };
  return { tell, perform };
}

export function createWorld(provider: Provider, check: Check): World {
  const entities = new Map<string, Entity>();
  const clock = { now: Date.parse("2026-03-01T12:00:00.000Z") };
  const send = createBus(entities, clock, check);
  const { tell, perform } = createReactor(send, provider);
  return {
    entities,
    clock,
    send,
    react(entity, crashAt = Infinity) {
      const reactions = reactionsTo(entity, entity.reacted + 1);
      for (const reaction of reactions.slice(0, crashAt)) perform(reaction);
      if (crashAt > reactions.length) entity.reacted += 1;
    },
    redeliver(entity, version) {
      for (const reaction of reactionsTo(entity, version)) perform(reaction);
    },
    webhook(entity, version) {
      for (const reaction of reactionsTo(entity, version)) {
        if (reaction.kind === "command") continue;
        const outcome = provider.decided(reaction.request);
        const commandId = `webhook/${reaction.request.key}/${JSON.stringify(outcome)}`;
        if (outcome !== null) tell({ ...reaction.record, commandId }, outcome);
      }
    },
    standing: standingOf,
    fire(entity, { timerId, command: type, data }) {
      const { aggregate, id: entityId } = entity;
      const commandId = timerCommandIdOf(timerId);
      const answer = send({ commandId, aggregate, entityId, type, data });
      const isEarly = answer.kind === "refused" && answer.code === "NOT_DUE";
      if (!isEarly) entity.fired.add(timerId);
      return answer;
    },
  };
}
