import { Entity } from "./entity.ts";
import type { EntityHost } from "./entity.ts";
import type { EntityName } from "./standing.ts";

/**
 * The entities that this process holds in memory, at most so many, the least recently used idle one
 * leaving first; one with work never leaves.
 */
export class Entities {
  readonly #host: EntityHost;
  readonly #active = new Map<string, Entity>();
  /** Entities without work and since when, the longest idle first. */
  readonly #idle = new Map<Entity, number>();
  readonly #busy = new Set<Entity>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(host: Omit<EntityHost, "onIdle">) {
    this.#host = { ...host, onIdle: (entity) => this.#rest(entity) };
    this.#sweeper = setInterval(() => this.#sweep(Date.now()), host.limits.sweepIntervalMs);
    this.#sweeper.unref();
  }

  /** The entity, about to get work; null when all that fit into memory are at work. */
  wake(name: EntityName): Entity | null {
    const key = keyOf(name);
    let entity = this.#active.get(key);
    if (entity === undefined) {
      if (!this.#makeRoom()) return null;
      entity = new Entity(name, this.#host);
      this.#active.set(key, entity);
    }
    this.#idle.delete(entity);
    this.#busy.add(entity);
    return entity;
  }

  /** Stops every actor; none may have work. */
  close(): void {
    clearInterval(this.#sweeper);
    for (const entity of this.#active.values()) entity.stop();
    this.#active.clear();
    this.#idle.clear();
    this.#busy.clear();
  }

  #makeRoom(): boolean {
    if (this.#active.size < this.#host.limits.activeEntitiesMax) return true;
    const [oldest] = this.#idle.keys();
    if (oldest === undefined) return false;
    this.#passivate(oldest);
    return true;
  }

  #rest(entity: Entity): void {
    this.#busy.delete(entity);
    if (entity.isLoaded) this.#idle.set(entity, Date.now());
    else this.#passivate(entity);
  }

  #passivate(entity: Entity): void {
    entity.stop();
    this.#idle.delete(entity);
    this.#active.delete(keyOf(entity.name));
  }

  #sweep(now: number): void {
    for (const entity of this.#busy) entity.expire(now);
    for (const [entity, since] of this.#idle) {
      if (now - since < this.#host.limits.idleTimeoutMs) break;
      this.#passivate(entity);
    }
  }
}

function keyOf({ aggregate, id }: EntityName): string {
  return `${aggregate}/${id}`;
}
