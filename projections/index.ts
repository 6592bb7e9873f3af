/**
 * What can be read and watched: the views of orders and products, lists of them, and live feeds.
 * A view is the statechart's state after exactly so many events, folded by the same machine that
 * judged the commands (docs/decisions/0001), so nothing is computed twice and nothing is decided
 * here. The projectors read the log itself and write behind a version guard: duplicates and
 * disorder have no effect, a gap is filled from the log, and the read collections may be dropped at
 * any time. A feed gives every event of the stream exactly once and can be resumed from any cursor.
 * Break the guard, the order of writing and telling, or the check of a position, and a reader sees
 * a past that never was or misses an event without knowing.
 */
export type { Feed, FeedEvent, FeedItem, FeedOptions, StatisticsItem } from "./feed.ts";
export { orderMatches } from "./orders.ts";
export type { OrderWhere } from "./orders.ts";
export { productMatches } from "./products.ts";
export type { ProductWhere } from "./products.ts";
export type { HistoryEntry, HistoryPage, HistoryReads } from "./history.ts";
export { createProjections } from "./projections.ts";
export type { Projections } from "./projections.ts";
export { allProjections, withPersonalSearch } from "./all-projections.ts";
export { rebuild, rebuildEntity } from "./rebuild.ts";
export type { RebuildProgress } from "./rebuild.ts";
export type { OrderReadModel } from "./order-reads.ts";
export type { OrderStatistics, OrderSums } from "./order-statistics.ts";
export { personalSearchOf } from "./personal-search.ts";
export type { Category, ProductReadModel } from "./product-reads.ts";
export type { ReadModel } from "./read-model.ts";
export { granularities } from "./revenue-report.ts";
export type { Revenue, RevenuePeriod } from "./revenue-report.ts";
export type { EntityView } from "./view.ts";
