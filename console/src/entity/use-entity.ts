import type {
  OrderHistoryResult,
  OrderHistoryVariables,
  OrderVariables,
} from "../generated/documents.ts";
import type { Document } from "../graphql/document.ts";
import { useQuery } from "../graphql/use-query.ts";
import { useFollowing } from "./use-following.ts";
import { useHistoryPage } from "./use-history.ts";
import { useVersion } from "./use-version.ts";
import { isUuid } from "./uuid.ts";

interface Versioned {
  readonly version: number;
  readonly updatedAt: string;
}

/** Where one kind of entity is read; products are asked for as orders are. */
interface Sources<View, Result, HistoryResult> {
  readonly document: Document<Result, OrderVariables>;
  readonly viewOf: (result: Result) => View | null;
  readonly historyDocument: Document<HistoryResult, OrderHistoryVariables>;
  readonly historyOf: (result: HistoryResult) => OrderHistoryResult["orderHistory"];
}

/** An order or product, now and at the version in the address, with its timeline. */
export function useEntity<View extends Versioned, Result, HistoryResult>(
  id: string,
  sources: Sources<View, Result, HistoryResult>,
) {
  const { document, viewOf, historyDocument, historyOf } = sources;
  const isId = isUuid(id);
  const follow = useFollowing();
  const now = useQuery(document, isId ? { id, atLeastVersion: follow.version } : null);
  const newest = now.data && viewOf(now.data);
  const { version, travel } = useVersion(newest?.version ?? null);
  const past = useQuery(document, isId && version !== null ? { id, atVersion: version } : null);
  const page = useHistoryPage();
  const asked = newest === null ? null : { id, ...page.variables };
  const stamp = page.isLatest ? (newest?.version ?? 0) : 0;
  const history = useQuery(historyDocument, asked, stamp);
  if (!isId || (now.data !== null && newest === null)) return { kind: "missing" } as const;
  if (newest === null) return { kind: "loading", error: now.error } as const;
  const then = version === null ? null : past.data && viewOf(past.data);
  const shown = then ?? newest;
  const isPast = then !== null;
  return {
    kind: "shown",
    newest,
    shown,
    isPast,
    error: now.error ?? past.error,
    told: follow.told,
    reload: now.reload,
    /** After a command: the version that it has led to, null when it was refused. */
    onDone: (version: number | null) => {
      if (version === null) history.reload();
      else follow.told(version);
    },
    timeTravel: {
      version: shown.version,
      newest: newest.version,
      at: shown.updatedAt,
      onTravel: (version: number) => {
        travel(version);
        if (version === newest.version) page.toLatest();
      },
    },
    timeline: {
      history: history.data && historyOf(history.data),
      error: history.error,
      page,
      version: shown.version,
      isPast,
      onTravel: travel,
    },
  } as const;
}
