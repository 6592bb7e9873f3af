import { createActor } from "xstate";
import type { Actor, AnyMachineSnapshot, AnyStateMachine, InspectionEvent } from "xstate";
import type { DomainEvent, EntityState } from "../machines/index.ts";

/** The statechart of one entity, running; it hears of committed events only. */
export interface LiveActor {
  /**
   * Feeds the events of one landed commit, with the state they lead to as `decide` folded it. All
   * but the last leave the state as it was: a commit is atomic, so nobody sees between its events.
   */
  take(events: readonly DomainEvent[], state: EntityState): void;
  stop(): void;
}

/** What a live actor tells about itself; throwing is caught and reported to `onFault`. */
export interface LiveActorObservers {
  readonly inspect?: (event: InspectionEvent) => void;
  readonly onFault: (fault: unknown) => void;
}

/** Starts the actor in a state that was folded already. */
export function startLiveActor(
  machine: AnyStateMachine,
  { id, state }: { id: string; state: EntityState },
  { inspect, onFault }: LiveActorObservers,
): LiveActor {
  let current = state as AnyMachineSnapshot;
  const actor: Actor<AnyStateMachine> = createActor(
    committedLogic(machine, () => current),
    {
      id,
      ...(inspect === undefined ? {} : { inspect: shielded(inspect, onFault) }),
    },
  );
  // XState ends the process for an actor error that nobody observes (facts/xstate.md 1.1).
  actor.subscribe({ error: onFault });
  actor.start();
  return {
    take(events, next) {
      events.forEach((event, index) => {
        if (index === events.length - 1) current = next as AnyMachineSnapshot;
        actor.send(event);
      });
    },
    stop: () => void actor.stop(),
  };
}

/** The machine itself, except that its steps were taken by `decide` before the commit landed. */
function committedLogic(
  machine: AnyStateMachine,
  committed: () => AnyMachineSnapshot,
): AnyStateMachine {
  return Object.assign(Object.create(machine) as AnyStateMachine, {
    transition: committed,
    getInitialSnapshot: committed,
  });
}

function shielded<Event>(observe: (event: Event) => void, onFault: (fault: unknown) => void) {
  return (event: Event) => {
    try {
      observe(event);
    } catch (fault) {
      onFault(fault);
    }
  };
}
