import { oneProductFeedDocument } from "../generated/documents.ts";
import { useFeed } from "../graphql/use-feed.ts";

interface FollowProductProps {
  readonly sku: string;
  /** Gets each version that the product has come to. */
  readonly onChange: (version: number) => void;
  /** Something may have happened that was not told. */
  readonly onGap: () => void;
}

/** Tells of every change of one product. */
export function FollowProduct({ sku, onChange, onGap }: FollowProductProps) {
  useFeed({
    document: oneProductFeedDocument,
    variables: { filter: { skus: [sku] } },
    onItems: (items) => {
      for (const { productFeed: item } of items) {
        if (item.__typename === "ProductEvent") onChange(item.event.version);
      }
    },
    onReset: onGap,
    onCaughtUp: onGap,
  });
  return null;
}
