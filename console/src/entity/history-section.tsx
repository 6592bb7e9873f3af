import { Problem } from "../layout/problem.tsx";
import type { OrderHistoryResult } from "../generated/documents.ts";
import type { RequestError } from "../graphql/request.ts";
import { HistoryList } from "./history-list.tsx";
import { useSeeking } from "./use-seeking.ts";
import type { useHistoryPage } from "./use-history.ts";

interface HistorySectionProps {
  readonly entity: "order" | "product";
  readonly history: OrderHistoryResult["orderHistory"];
  readonly error: RequestError | null;
  readonly page: ReturnType<typeof useHistoryPage>;
  readonly version: number;
  readonly isPast: boolean;
  readonly onTravel: (version: number) => void;
}

/** The timeline, a page at a time. */
export function HistorySection(props: HistorySectionProps) {
  const { entity, history, error, page, version, onTravel } = props;
  const info = history?.pageInfo;
  const turn = useSeeking({ history, page, version, isPast: props.isPast });
  return (
    <section className="card" aria-labelledby="timeline">
      <h2 id="timeline">What happened, when and by whom (latest first)</h2>
      <Problem error={error} />
      {history !== null && (
        <HistoryList
          entity={entity}
          entries={history.nodes}
          version={version}
          onTravel={onTravel}
        />
      )}
      {info !== undefined && (
        <nav className="pager" aria-label="Pages of the timeline">
          <button type="button" disabled={page.isLatest} onClick={() => turn(page.toLatest)}>
            Latest
          </button>
          <button
            type="button"
            disabled={!info.hasNextPage || page.isLatest}
            onClick={() => turn(() => page.toLater(info))}
          >
            Later
          </button>
          <button
            type="button"
            disabled={!info.hasPreviousPage}
            onClick={() => turn(() => page.toEarlier(info))}
          >
            Earlier
          </button>
        </nav>
      )}
    </section>
  );
}
