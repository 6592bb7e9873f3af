import { entityWildcard } from "./cloud-event.ts";
import type { Commit } from "./commit.ts";
import { outgoingEvents } from "./evt-message.ts";
import type { OutgoingEvent } from "./evt-message.ts";
import type { EvtStream } from "./evt-stream.ts";
import { JetstreamError } from "./jetstream-error.ts";

const LOOKUPS_IN_FLIGHT_MAX = 32;
/** A commit younger than this may have been overtaken by a later one of its entity in a scan. */
const SETTLED_AFTER_MS = 60_000;

/** The last version of each entity that the stream holds; 0 for none. */
export type LastVersions = Map<string, number>;

/**
 * Asks the stream for the last version of each entity that is not known yet. Throws
 * RELAY_INTERRUPTED when it finds something after `endSequence`.
 */
export async function lookUp(
  evt: EvtStream,
  commits: readonly Commit[],
  { known, endSequence }: { readonly known: LastVersions; readonly endSequence: number },
): Promise<void> {
  const unknown = new Map<string, Commit>();
  for (const commit of commits) if (!known.has(commit.stream)) unknown.set(commit.stream, commit);
  const waiting = [...unknown.values()];
  for (let from = 0; from < waiting.length; from += LOOKUPS_IN_FLIGHT_MAX) {
    const group = waiting.slice(from, from + LOOKUPS_IN_FLIGHT_MAX);
    const found = await Promise.all(group.map((commit) => evt.lastMark(entityWildcard(commit))));
    group.forEach((commit, index) => {
      const last = found[index] ?? null;
      // Counting what another relay stored after our end would vouch for messages that we do not
      // hang on: if the stream lost them again, nobody would notice.
      if (last !== null && last.sequence > endSequence) {
        throw new JetstreamError("RELAY_INTERRUPTED", "Another relay publishes meanwhile.");
      }
      known.set(commit.stream, last?.mark?.version ?? 0);
    });
  }
}

/** The events above the known versions, which are moved on; without positions. */
export function missingEvents(
  commits: readonly Commit[],
  known: LastVersions,
): readonly OutgoingEvent[] {
  return commits.flatMap((commit) => {
    const last = known.get(commit.stream) ?? 0;
    const events = outgoingEvents(commit, null, null).filter((event) => event.version > last);
    const newest = events.at(-1);
    if (newest !== undefined) known.set(commit.stream, newest.version);
    return events;
  });
}

/**
 * Whether the commits of a scan may lack one between the last known version and this: server times
 * can run against the order of commits, so a page may end between two that became visible together.
 * An older entity whose first events were aged out of the stream looks the same and is no case.
 */
export function isOvertaking(commit: Commit, known: LastVersions): boolean {
  const last = known.get(commit.stream) ?? 0;
  if (commit.version <= last + 1) return false;
  return last > 0 || Date.parse(commit.at) > Date.now() - SETTLED_AFTER_MS;
}
