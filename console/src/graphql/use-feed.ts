import { useEffect, useRef } from "react";
import { openFeed, type FeedOptions } from "./feed.ts";

/** Follows a subscription while the component is there; new variables begin it anew. */
export function useFeed<Result, Variables extends object>(
  options: FeedOptions<Result, Variables>,
): void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { document } = options;
  const sent = JSON.stringify(options.variables);
  useEffect(
    () =>
      openFeed({
        document,
        variables: JSON.parse(sent) as Variables,
        onItems: (items) => latest.current.onItems(items),
        onReset: () => latest.current.onReset?.(),
        onCaughtUp: () => latest.current.onCaughtUp?.(),
      }),
    [document, sent],
  );
}
