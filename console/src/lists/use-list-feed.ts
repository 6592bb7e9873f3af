import { useEffect, useRef } from "react";
import type { Document } from "../graphql/document.ts";
import { useFeed } from "../graphql/use-feed.ts";
import { useThrottle } from "../graphql/use-throttle.ts";

const PAUSE_MS = 1_000;
/** The feed is ahead of what lists see: so they are read once more a little later. */
const ECHO_MS = 2_000;

/** Reads a list anew, not too often, when the feed tells of something. */
export function useListFeed<Result, Filter>(
  document: Document<Result, { readonly filter?: Filter | null | undefined }>,
  filter: Filter,
  reload: () => void,
): void {
  const echo = useRef<number | undefined>(undefined);
  const soon = useThrottle(reload, PAUSE_MS);
  useEffect(() => () => window.clearTimeout(echo.current), []);
  const told = (): void => {
    soon();
    window.clearTimeout(echo.current);
    echo.current = window.setTimeout(soon, ECHO_MS);
  };
  useFeed({ document, variables: { filter }, onItems: told, onReset: told, onCaughtUp: told });
}
