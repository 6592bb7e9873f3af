/** How one projector is doing. */
export interface ProjectorHealth {
  readonly name: string;
  /** For how long (ms) commits may be missing from its rows; 0 = none is. */
  readonly lagMs: number;
  readonly isCaughtUp: boolean;
  readonly parkedEntities: number;
  /** Why it is waiting to try again; null when it runs. */
  readonly failure: string | null;
}

/** How the whole process is doing. */
export interface SystemStatus {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly isReady: boolean;
  /** Whether each answered just now. */
  readonly mongodb: boolean;
  readonly jetstream: boolean;
  readonly projectors: readonly ProjectorHealth[];
  /** Who carries events into JetStream; `lagMs` is absent where it is not known. */
  readonly relay: {
    readonly state: string;
    readonly lagMs?: number;
    readonly published: number;
    readonly lastSequence: number;
  };
  /** Who sends what events ask for. */
  readonly reactor: {
    readonly isActive: boolean;
    readonly isCaughtUp: boolean;
    readonly open: number;
    readonly bugs: number;
  };
  readonly timers: { readonly isActive: boolean; readonly fired: number };
  /** Events a second that this process carried into JetStream, lately. */
  readonly eventsPerSecond: number;
  /** Commands a second that this process answered, lately, whoever sent them. */
  readonly commandsPerSecond: number;
  readonly versions: SystemVersions;
}

/** What runs; null where it does not tell. */
export interface SystemVersions {
  readonly statecart: string;
  readonly node: string;
  readonly mongodb: string | null;
  readonly nats: string | null;
  /** Tells statecharts of one state of the code from those of another. */
  readonly machines: string;
}

/** How many watch just now. */
export interface SystemLoad {
  readonly sockets: number;
  readonly subscriptions: number;
}

/** An entity that a projection cannot follow any further, and why. */
export interface DeadLetterFacts {
  readonly projection: string;
  readonly stream: string;
  readonly version: number;
  readonly code: string;
  readonly message: string;
  readonly parkedAt: Date;
}

/** What operators see and do about the running of the process. */
export interface SystemDesk {
  status(): Promise<SystemStatus>;
  deadLetters(): Promise<readonly DeadLetterFacts[]>;
  /** True when the entity flows again. */
  retry(projection: string, stream: string): Promise<boolean>;
  /** Passes over the event, for good; true when the entity flows again. */
  skip(projection: string, stream: string, by: string): Promise<boolean>;
}
