import type { InspectionEvent } from "xstate";
import type { Logger } from "pino";
import { aggregates, upcast } from "../machines/index.ts";
import type { Aggregate, AggregateName, DomainEvent } from "../machines/index.ts";
import type { Commit } from "../log/index.ts";
import { emptyHead, foldCommits } from "./head.ts";
import type { EntityHead } from "./head.ts";
import type { ActorLimits } from "./limits.ts";
import { startLiveActor } from "./live-actor.ts";
import type { LiveActor } from "./live-actor.ts";
import { loadState } from "./load.ts";
import type { LoadSources } from "./load.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";

/** Which entity. */
export interface EntityName {
  readonly aggregate: AggregateName;
  readonly id: string;
}

/** What standings share. */
export interface StandingHost extends LoadSources {
  readonly snapshotWriter: SnapshotWriter;
  readonly limits: ActorLimits;
  readonly logger: Logger;
  readonly inspect?: (event: InspectionEvent) => void;
}

/** Where one entity stands, as far as this process knows: its head and its live actor. */
export class Standing {
  readonly #name: EntityName;
  readonly #host: StandingHost;
  readonly #aggregate: Aggregate;
  #head: EntityHead | null = null;
  #isStale = true;
  #actor: LiveActor | null = null;
  #snapshotVersion = 0;

  constructor(name: EntityName, host: StandingHost) {
    this.#name = name;
    this.#host = host;
    this.#aggregate = aggregates[name.aggregate];
  }

  /** Null until something has been loaded or has landed. */
  get head(): EntityHead | null {
    return this.#head;
  }

  /** The head is not to be decided on before it is brought up to date. */
  distrust(): void {
    this.#isStale = true;
  }

  /**
   * The head to decide on, read from the store where needed. Throws what `loadState` throws.
   */
  async upToDate(): Promise<EntityHead> {
    if (this.#head === null) {
      const target = { aggregate: this.#name.aggregate, entityId: this.#name.id };
      const { snapshotVersion, ...head } = await loadState(this.#host, target);
      this.#snapshotVersion = snapshotVersion;
      this.#adopt(head, []);
    } else if (this.#isStale) {
      for (const commit of await this.#host.store.read(this.#name.id, this.#head.version)) {
        this.#follow(commit);
      }
    }
    this.#isStale = false;
    return this.#head ?? unreachable();
  }

  /** Takes over what a landed commit led to; the live actor hears of its events now. */
  advance(events: readonly DomainEvent[], head: EntityHead): void {
    if (this.#head === null) {
      this.#actor = this.#start(emptyHead(this.#aggregate));
      this.#isStale = false;
    }
    this.#adopt(head, events);
    const { snapshotWriter, limits } = this.#host;
    if (head.version - this.#snapshotVersion < limits.snapshotEveryEvents) return;
    if (snapshotWriter.offer(this.#name.id, head)) this.#snapshotVersion = head.version;
  }

  /** Stops the live actor and forgets the state. */
  forget(): void {
    this.#actor?.stop();
    this.#actor = null;
    this.#head = null;
    this.#isStale = true;
  }

  /** A commit of another owner, or one of ours whose landing we did not hear of. */
  #follow(commit: Commit): void {
    const head = foldCommits(this.#aggregate, this.#head ?? unreachable(), [commit]);
    this.#adopt(
      head,
      commit.events.map((event) => upcast(this.#aggregate, event)),
    );
  }

  #adopt(head: EntityHead, events: readonly DomainEvent[]): void {
    this.#head = head;
    if (this.#actor === null) this.#actor = this.#start(head);
    else this.#actor.take(events, head.state);
  }

  #start({ state }: EntityHead): LiveActor {
    const { inspect, logger } = this.#host;
    const { aggregate, id } = this.#name;
    return startLiveActor(
      this.#aggregate.machine,
      { id: `${aggregate}:${id}`, state },
      {
        ...(inspect !== undefined && { inspect }),
        onFault: (fault) => logger.error({ err: fault, aggregate, entityId: id }, "actor fault"),
      },
    );
  }
}

function unreachable(): never {
  throw new Error("a head is followed only once it is loaded");
}
