import { freshness, type Freshness } from "../graphql/freshness.ts";
import { useStore } from "../state/store.ts";

/** Says how old what is on the screen may be. */
export function FreshnessBadge() {
  const state = useStore(freshness);
  return (
    <span className={`badge ${state.kind}`} role="status" data-freshness={state.kind}>
      {wordsOf(state)}
    </span>
  );
}

function wordsOf({ kind, seconds }: Freshness): string {
  switch (kind) {
    case "idle":
      return "not following";
    case "live":
      return "live";
    case "behind":
      return `${String(seconds)} s behind`;
    case "resuming":
      return "resuming";
  }
}
