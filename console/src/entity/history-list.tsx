import { useState } from "react";
import { TimeMark } from "../format/time-mark.tsx";
import { spaced } from "../format/words.ts";
import type { OrderHistoryResult } from "../generated/documents.ts";
import { Link } from "../routing/link.tsx";
import { essenceOf } from "./essence.ts";
import "./history.css";

export type HistoryEntry = NonNullable<OrderHistoryResult["orderHistory"]>["nodes"][number];

type Entity = "order" | "product";

interface HistoryListProps {
  /** Whose history it is: what another caused was caused by one of the other kind. */
  readonly entity: Entity;
  /** The oldest first, as the gateway gives them. */
  readonly entries: readonly HistoryEntry[];
  /** The version that the page shows. */
  readonly version: number;
  readonly onTravel: (version: number) => void;
}

/** What happened, the latest first: when, by whom, by which command, and what led to it. */
export function HistoryList({ entity, entries, version, onTravel }: HistoryListProps) {
  const [correlation, setCorrelation] = useState<string | null>(null);
  return (
    <ol className="history" reversed>
      {[...entries].reverse().map((entry) => (
        <HistoryItem
          key={entry.event?.id ?? `${entry.commandId} ${entry.at}`}
          entity={entity}
          entry={entry}
          isShown={entry.event !== null && entry.version === version}
          isMarked={entry.correlationId === correlation}
          onMark={() => setCorrelation((now) => other(now, entry.correlationId))}
          onTravel={onTravel}
        />
      ))}
    </ol>
  );
}

function other(now: string | null, next: string): string | null {
  return now === next ? null : next;
}

interface HistoryItemProps {
  readonly entity: Entity;
  readonly entry: HistoryEntry;
  readonly isShown: boolean;
  readonly isMarked: boolean;
  readonly onMark: () => void;
  readonly onTravel: (version: number) => void;
}

function HistoryItem({ entity, entry, isShown, isMarked, onMark, onTravel }: HistoryItemProps) {
  const { version, event, refusal } = entry;
  const essence = event === null ? "" : essenceOf(event.data);
  const classes = [
    ...(refusal === null ? [] : ["refused-entry"]),
    ...(isShown ? ["shown"] : []),
    ...(isMarked ? ["marked"] : []),
  ];
  return (
    <li className={classes.join(" ")} data-version={version}>
      <div className="what">
        <strong>{event === null ? `Refused: ${spaced(entry.command)}` : spaced(event.type)}</strong>
        <span className="dim">
          {event === null ? `at version ${String(version)}` : `version ${String(version)}`}
        </span>
        {event !== null && (
          <button type="button" disabled={isShown} onClick={() => onTravel(version)}>
            {isShown ? "shown" : "Show it then"}
          </button>
        )}
      </div>
      {refusal !== null && (
        <p className="why">
          {refusal.message} <code>{refusal.code}</code>
        </p>
      )}
      <p>
        <TimeMark at={entry.at} /> by {senderOf(entry)}, command {spaced(entry.command)},{" "}
        <Cause entity={entity} entry={entry} />;{" "}
        <button type="button" className="correlation" aria-pressed={isMarked} onClick={onMark}>
          correlation <code>{entry.correlationId.slice(0, 8)}</code>
        </button>
      </p>
      {essence !== "" && <p className="essence">{essence}</p>}
      {event !== null && (
        <details>
          <summary>Data of the event</summary>
          <pre tabIndex={0}>{JSON.stringify(event.data, null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

/** Who sent the command, in words. */
export function senderOf({ by }: HistoryEntry): string {
  if (by === null) return "somebody";
  return by.scope === "internal"
    ? `the system itself (${by.subject})`
    : `${by.subject} (${by.scope})`;
}

interface CauseProps {
  readonly entity: Entity;
  readonly entry: HistoryEntry;
}

/** What led to the command. An event's id is `<id of the order or product>/<version>`. */
function Cause({ entity, entry: { causationId, event } }: CauseProps) {
  if (causationId === null) return "asked for directly";
  const [id = "", version] = causationId.split("/");
  if (version === undefined) return `caused by command ${id.slice(0, 8)}`;
  if (event?.id.startsWith(`${id}/`) === true) return `caused by version ${version}`;
  const other = entity === "order" ? "product" : "order";
  return (
    <>
      caused by{" "}
      <Link to={`${other}s/${id}?version=${version}`}>
        {other} {id.slice(0, 8)}, version {version}
      </Link>
    </>
  );
}
