/** How long a write may still be on its way to a server that has not answered. */
const LATE_LANDING_MAX_MS = 60_000;
const DOUBTS_MAX = 10_000;

interface Doubt {
  readonly version: number;
  readonly until: number;
}

/**
 * Commands whose append ended unknown: their commit may still be on its way and land after any read
 * that misses it. Until the version it aims at is taken, or it is too late for it to land, nothing
 * but an acceptance may be answered under that id.
 */
export class Doubts {
  readonly #byCommandId = new Map<string, Doubt>();

  add(commandId: string, version: number): void {
    this.#byCommandId.delete(commandId);
    this.#byCommandId.set(commandId, { version, until: Date.now() + LATE_LANDING_MAX_MS });
    const [oldest] = this.#byCommandId.keys();
    if (this.#byCommandId.size > DOUBTS_MAX && oldest !== undefined) {
      this.#byCommandId.delete(oldest);
    }
  }

  /** Whether a commit of this command may yet land on an entity that stands at this version. */
  isOpen(commandId: string, version: number): boolean {
    const doubt = this.#byCommandId.get(commandId);
    if (doubt === undefined) return false;
    if (version < doubt.version && Date.now() < doubt.until) return true;
    this.#byCommandId.delete(commandId);
    return false;
  }
}
