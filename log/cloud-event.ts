import { eventId } from "./commit.ts";
import type { Commit } from "./commit.ts";
import type { CloudEvent } from "./evt.ts";

/** The CloudEvent of the event at `index` of a commit; the same bytes however often it is made. */
export function toCloudEvent(commit: Commit, index: number): CloudEvent {
  const event = commit.events[index];
  if (event === undefined) throw new RangeError(`commit ${commit.id} has no event ${index}`);
  const version = commit.version + index;
  return {
    specversion: "1.0",
    id: eventId(commit.stream, version),
    source: `/statecart/${commit.aggregate}`,
    type: `statecart.${commit.aggregate}.${event.type}.v${event.schemaVersion}`,
    subject: commit.stream,
    time: commit.at,
    datacontenttype: "application/json",
    sequence: String(version),
    ...(commit.meta.traceparent === undefined ? {} : { traceparent: commit.meta.traceparent }),
    correlationid: commit.meta.correlationId,
    causationid: commit.meta.causationId ?? commit.id,
    commandid: commit.id,
    data: event.data,
  };
}

/** `evt.<context>.<pp>.<entityId>.<Type>`, `pp` being the partition in two digits. */
export function eventSubject(commit: Commit, type: string): string {
  return `${entitySubject(commit)}.${type}`;
}

type OfEntity = Pick<Commit, "aggregate" | "partition" | "stream">;

/** What every event of the commit's entity matches: `evt.<context>.<pp>.<entityId>.*`. */
export function entityWildcard(commit: OfEntity): string {
  return `${entitySubject(commit)}.*`;
}

function entitySubject(commit: OfEntity): string {
  const partition = String(commit.partition).padStart(2, "0");
  return `evt.${commit.aggregate}.${partition}.${commit.stream}`;
}
