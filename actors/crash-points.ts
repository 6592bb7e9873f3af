import type { Checkpoints, EventStore, Timers } from "../log/index.ts";
import type { PaymentOutcome, PaymentProvider } from "../payments/index.ts";
import type { CommandBus } from "./command.ts";

/**
 * Every step between which a process can die while orders, products and the provider are brought
 * together. A test kills a process at each of them; whoever adds a step adds a line.
 */
export const crashPoints = {
  "before-append": "a command is decided and nothing is written",
  "between-append-and-answer": "a commit is written and nobody was told",
  "between-append-and-timer": "a deadline has begun and its timer is not written",
  "between-timer-and-view": "a timer is written, the view that says so is not",
  "between-view-and-checkpoint": "a view is written, the projector's position is not",
  "between-event-and-reaction": "an event was read and what it asks for is not sent",
  "between-two-reservations": "a line is to be reserved, earlier ones are",
  "between-reservation-and-record": "a product holds a line and its order does not know",
  "between-two-commits": "a line's stock is to be committed, an earlier one is",
  "between-release-and-record": "a product gave units free and the order does not know",
  "between-shipment-and-consumption": "goods have left and the product still counts them",
  "between-request-and-provider-call": "the provider is to be asked and was not",
  "between-provider-call-and-record": "the provider has decided and the order does not know",
  "between-answer-and-checkpoint": "a reaction is answered, the reactor's position is not saved",
  "after-checkpoint": "the reactor's position is saved and nothing else is begun",
  "between-due-timer-and-command": "a timer is due and its command is not sent",
  "between-timer-command-and-deletion": "a timer's command is answered, the timer still there",
} as const;

export type CrashPoint = keyof typeof crashPoints;

/** Passes a point; the one that is armed kills the process there, the n-th time it comes by. */
export type Pass = (point: CrashPoint) => void;

/** Arms `<point>:<n>`. Throws a sentence with the code `CRASH_POINT_UNKNOWN`. */
export function armCrash(armed: string): Pass {
  const [name = "", nth = "1"] = armed.split(":");
  if (!Object.hasOwn(crashPoints, name)) {
    const names = Object.keys(crashPoints).join(", ");
    const message = `there is no crash point ${name}; there are ${names}`;
    throw Object.assign(new Error(message), { code: "CRASH_POINT_UNKNOWN" });
  }
  let left = Number(nth);
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}

/** What the points lie between. */
export interface CrashParts {
  readonly store: EventStore;
  readonly timers: Timers;
  readonly checkpoints: Checkpoints;
  readonly provider: PaymentProvider;
}

/** The same parts, with the points in them. */
export function withCrashPoints(parts: CrashParts, pass: Pass): CrashParts {
  const { store, timers, checkpoints, provider } = parts;
  return {
    store: {
      ...store,
      append: (commit, deadline) => around(pass, appending, () => store.append(commit, deadline)),
      appendChain: (commits, deadline) =>
        around(pass, appending, () => store.appendChain(commits, deadline)),
    },
    timers: {
      ...timers,
      change: (changes) =>
        around(pass, ["between-append-and-timer", "between-timer-and-view"], () =>
          timers.change(changes),
        ),
    },
    checkpoints: {
      ...checkpoints,
      async save(name, value) {
        const isReactor = name === "reactor";
        pass(isReactor ? "between-answer-and-checkpoint" : "between-view-and-checkpoint");
        await checkpoints.save(name, value);
        if (isReactor) pass("after-checkpoint");
      },
    },
    provider: {
      authorise: (request) => calling(pass, () => provider.authorise(request)),
      capture: (request) => calling(pass, () => provider.capture(request)),
      void: (request) => calling(pass, () => provider.void(request)),
      refund: (request) => calling(pass, () => provider.refund(request)),
    },
  };
}

/** The bus as the reactor and the timers have it: the points depend on the command. */
export function busWithCrashPoints(bus: CommandBus, pass: Pass): CommandBus {
  return {
    close: () => bus.close(),
    async send(envelope) {
      const { type, by } = envelope.command;
      const isTimer = by.subject === "timers";
      pass(isTimer ? "between-due-timer-and-command" : "between-event-and-reaction");
      const point = beforeCommand[type];
      if (point !== undefined) pass(point);
      const outcome = await bus.send(envelope);
      if (isTimer) pass("between-timer-command-and-deletion");
      return outcome;
    },
  };
}

const appending = ["before-append", "between-append-and-answer"] as const;

const beforeCommand: Readonly<Partial<Record<string, CrashPoint>>> = {
  ReserveStock: "between-two-reservations",
  RecordLineReserved: "between-reservation-and-record",
  CommitReservation: "between-two-commits",
  RecordLineReleased: "between-release-and-record",
  ConsumeReservation: "between-shipment-and-consumption",
};

function calling(pass: Pass, call: () => Promise<PaymentOutcome>): Promise<PaymentOutcome> {
  return around(
    pass,
    ["between-request-and-provider-call", "between-provider-call-and-record"],
    call,
  );
}

async function around<Result>(
  pass: Pass,
  [before, after]: readonly [CrashPoint, CrashPoint],
  work: () => Promise<Result>,
): Promise<Result> {
  pass(before);
  const result = await work();
  pass(after);
  return result;
}
