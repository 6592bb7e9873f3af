import { LRUCache } from "lru-cache";
import type { EntityView } from "./view.ts";

/** The last few views of recently passed entities, in the order in which they were passed. */
export interface RecentViews {
  put(view: EntityView): void;
  /** The view at exactly that version, if it is still remembered. */
  at(stream: string, version: number): EntityView | undefined;
}

export interface RecentViewsOptions {
  readonly entitiesMax: number;
  readonly versionsPerEntityMax: number;
}

/** A bounded memory of views, the least recently used entity and its oldest view going first. */
export function createRecentViews(options: RecentViewsOptions): RecentViews {
  const recent = new LRUCache<string, EntityView[]>({ max: options.entitiesMax });
  const at = (stream: string, version: number): EntityView | undefined =>
    recent.get(stream)?.find((view) => view.version === version);
  return {
    at,
    put(view) {
      const views = recent.get(view.id);
      if (views === undefined) recent.set(view.id, [view]);
      else if (at(view.id, view.version) === undefined) {
        views.push(view);
        if (views.length > options.versionsPerEntityMax) views.shift();
      }
    },
  };
}
