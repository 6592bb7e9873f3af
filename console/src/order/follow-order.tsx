import { oneOrderFeedDocument } from "../generated/documents.ts";
import { useFeed } from "../graphql/use-feed.ts";

interface FollowOrderProps {
  readonly id: string;
  readonly customerId: string;
  /** Gets each version that the order has come to. */
  readonly onChange: (version: number) => void;
  /** Something may have happened that was not told. */
  readonly onGap: () => void;
}

/** Tells of every change of one order; the feed has no filter for one, but for its customer. */
export function FollowOrder({ id, customerId, onChange, onGap }: FollowOrderProps) {
  useFeed({
    document: oneOrderFeedDocument,
    variables: { filter: { customerId } },
    onItems: (items) => {
      for (const { orderFeed: item } of items) {
        if (item.__typename === "OrderEvent" && item.order.id === id) onChange(item.event.version);
      }
    },
    onReset: onGap,
    onCaughtUp: onGap,
  });
  return null;
}
