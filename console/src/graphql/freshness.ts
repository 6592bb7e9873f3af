import { createStore } from "../state/store.ts";

/** A feed that is silent for so long is taken to be behind: the gateway's own beat is 15 s. */
const SILENCE_MAX_MS = 40_000;
const TICK_MS = 1_000;

/** How old what is on the screen may be. */
export interface Freshness {
  /** `idle` while the page follows nothing. */
  readonly kind: "idle" | "live" | "behind" | "resuming";
  readonly seconds: number;
}

interface FeedFacts {
  isConnected: boolean;
  isCaughtUp: boolean;
  heardAt: number;
  /** The business time of the latest event, while older ones than now are still coming. */
  eventAt: number;
}

/** What one feed reports about itself. */
export interface FeedPulse {
  connected(): void;
  cut(): void;
  caughtUp(): void;
  event(at: string | null): void;
  end(): void;
}

const IDLE: Freshness = { kind: "idle", seconds: 0 };
const feeds = new Set<FeedFacts>();

export const freshness = createStore<Freshness>(IDLE);

/** Registers a feed; the badge shows the worst of all. */
export function startPulse(): FeedPulse {
  const now = Date.now();
  const facts: FeedFacts = { isConnected: false, isCaughtUp: false, heardAt: now, eventAt: now };
  const tell = (change: Partial<FeedFacts>): void => {
    Object.assign(facts, change);
    judge();
  };
  feeds.add(facts);
  judge();
  return {
    connected: () => tell({ isConnected: true, heardAt: Date.now() }),
    cut: () => tell({ isConnected: false, isCaughtUp: false }),
    caughtUp: () => tell({ isConnected: true, isCaughtUp: true, heardAt: Date.now() }),
    event: (at) => {
      facts.isConnected = true;
      facts.heardAt = Date.now();
      facts.eventAt = at === null ? Date.now() : Date.parse(at);
      if (!facts.isCaughtUp) judge();
    },
    end: () => {
      feeds.delete(facts);
      judge();
    },
  };
}

window.setInterval(judge, TICK_MS);

function judge(): void {
  const worst = [...feeds].map(judgeOne).sort((a, b) => rank(b) - rank(a))[0] ?? IDLE;
  const shown = freshness.get();
  if (shown.kind !== worst.kind || shown.seconds !== worst.seconds) freshness.set(worst);
}

function judgeOne({ isConnected, isCaughtUp, heardAt, eventAt }: FeedFacts): Freshness {
  const now = Date.now();
  if (!isConnected) return { kind: "resuming", seconds: secondsSince(heardAt, now) };
  if (!isCaughtUp) return { kind: "behind", seconds: secondsSince(eventAt, now) };
  if (now - heardAt > SILENCE_MAX_MS)
    return { kind: "behind", seconds: secondsSince(heardAt, now) };
  return { kind: "live", seconds: 0 };
}

function rank({ kind, seconds }: Freshness): number {
  return { idle: 0, live: 1, behind: 2, resuming: 3 }[kind] * 1e9 + seconds;
}

function secondsSince(time: number, now: number): number {
  return Math.max(0, Math.round((now - time) / 1_000));
}
