import { wordsOf } from "./words.ts";

const tones: Readonly<Record<string, string>> = {
  ...{ DELIVERED: "good", SHIPPED: "good", CONFIRMED: "good", PROCESSING: "good", ACTIVE: "good" },
  ...{ PENDING: "warn", CANCELLING: "warn", PARTIALLY_SHIPPED: "warn", UNLISTED: "warn" },
  ...{ PARTIALLY_DELIVERED: "warn", PARTIALLY_RETURNED: "warn", DRAFT: "warn" },
  ...{ ON_HOLD: "bad", REJECTED: "bad", EXPIRED: "bad", CANCELLED: "bad", DISCONTINUED: "bad" },
};

/** A status in words, with the tone of how well things go; the words alone say it all. */
export function StatusMark({ status }: { readonly status: string }) {
  return <span className={`status ${tones[status] ?? "plain"}`}>{wordsOf(status)}</span>;
}
