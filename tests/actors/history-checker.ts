import { expect } from "vitest";
import type { CommandEnvelope, CommandOutcome } from "../../actors/index.ts";
import { lastVersion, verifyHistory } from "../../log/index.ts";
import type { Commit, EventStore } from "../../log/index.ts";
import { aggregates, applyEvent, initialState } from "../../machines/index.ts";
import type { EntityState } from "../../machines/index.ts";

/** What a client sent and what it was told. */
export interface Exchange {
  readonly envelope: CommandEnvelope;
  readonly outcome: CommandOutcome;
}

/**
 * Holds what clients were told against what is stored: versions 1 to n without a gap, the chain of
 * hashes whole, every acceptance stored once at its version with its state, nothing stored for a
 * command that was never accepted unless its outcome was left open.
 */
export async function expectTrueHistory(
  store: EventStore,
  exchanges: readonly Exchange[],
): Promise<void> {
  const streams = new Set(exchanges.map(({ envelope }) => envelope.entityId));
  for (const stream of streams) {
    const own = exchanges.filter(({ envelope }) => envelope.entityId === stream);
    expect(await verifyHistory(store, stream)).toMatchObject({ ok: true });
    expectTrueAnswers(await store.read(stream, 0), own);
  }
}

function expectTrueAnswers(commits: readonly Commit[], exchanges: readonly Exchange[]): void {
  const stateAt = statesOf(commits);
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  expect(byId.size).toBe(commits.length);
  const told = new Map<string, Set<string>>();
  for (const { envelope, outcome } of exchanges) {
    const kinds = told.get(envelope.commandId) ?? new Set();
    told.set(envelope.commandId, kinds.add(outcome.kind));
    if (outcome.kind !== "accepted") continue;
    const commit = byId.get(envelope.commandId);
    if (commit === undefined) throw new Error(`${envelope.commandId} was accepted but not stored`);
    expect(outcome.version).toBe(lastVersion(commit));
    expect(plain(outcome.state)).toEqual(plain(stateAt.get(outcome.version)));
    expect(plain(outcome.events)).toEqual(plain(commit.events));
  }
  for (const { id } of commits) {
    const kinds = told.get(id);
    if (kinds === undefined) continue;
    expect(kinds.has("accepted") || kinds.has("failed"), `${id} was refused but stored`).toBe(true);
  }
}

function statesOf(commits: readonly Commit[]): ReadonlyMap<number, EntityState> {
  const states = new Map<number, EntityState>();
  const [first] = commits;
  if (first === undefined) return states;
  const aggregate = aggregates[first.aggregate];
  let state = initialState(aggregate);
  for (const commit of commits) {
    for (const event of commit.events) state = applyEvent(aggregate, state, event);
    states.set(lastVersion(commit), state);
  }
  return states;
}

/** The state as JSON, without what XState adds to it. */
export function plain(value: unknown): unknown {
  if (typeof value === "object" && value !== null && "context" in value && "value" in value) {
    return JSON.parse(JSON.stringify({ value: value.value, context: value.context }));
  }
  return JSON.parse(JSON.stringify(value));
}
