import { aggregates, upcast } from "../machines/index.ts";
import { lastVersion } from "../log/index.ts";
import type { Commit } from "../log/index.ts";
import type { Logger } from "pino";
import type { Attempt } from "./attempt.ts";
import { isPassing, logFault } from "./fault.ts";
import type { EntityHead } from "./head.ts";
import { loadState } from "./load.ts";
import type { LoadSources } from "./load.ts";
import { faulted } from "./outcome.ts";

interface StoredCommand {
  readonly attempt: Attempt;
  readonly commit: Commit;
  /** Where the entity stands now, if that is known. */
  readonly head: EntityHead | null;
}

/**
 * Answers a repeated command from its stored commit, with the state right after it. It runs beside
 * the entity's turns, because a repeat changes nothing. Never throws.
 */
export async function answerStored(
  host: LoadSources & { readonly logger: Logger },
  { attempt, commit, head }: StoredCommand,
): Promise<void> {
  const { aggregate, stream: entityId } = commit;
  const throughVersion = lastVersion(commit);
  try {
    const { state } =
      head?.commitId === commit.id
        ? head
        : await loadState(host, { aggregate, entityId, throughVersion });
    attempt.settle({
      kind: "accepted",
      version: throughVersion,
      state,
      events: commit.events.map((event) => upcast(aggregates[aggregate], event)),
      at: commit.at,
      repeated: true,
    });
  } catch (error) {
    if (isPassing(error)) {
      attempt.settle({ kind: "unknown", cause: error });
    } else {
      logFault(host.logger, attempt, error);
      attempt.settle(faulted);
    }
  }
}
