import type { OrderContext, OrderPersonal } from "../machines/index.ts";
import type { Privacy } from "../privacy/index.ts";

/**
 * How orders are found by what is personal. It comes from outside, because only `privacy/` may open
 * it; rows and indexes hold tokens that lead back to nothing, and nothing plain.
 */
export interface PersonalSearch {
  /**
   * The tokens under which an order is found by its customer's name and e-mail address. Throws
   * while it cannot tell: the order's events come again then, so that nothing stays unfound.
   */
  tokensOf(order: OrderContext): Promise<readonly string[]>;
  /** The token of one word, without case and accents, that a person types; null finds nothing. */
  asked(word: string): string | null;
}

/** Finds nobody by anything personal. */
export const noPersonalSearch: PersonalSearch = {
  tokensOf: () => Promise.resolve([]),
  asked: () => null,
};

/** Finds by the name and e-mail address of the one who ordered, until they are erased. */
export function personalSearchOf(
  privacy: Pick<Privacy, "askedTokens" | "searchTokens">,
): PersonalSearch {
  return {
    async tokensOf({ customerId, personal }) {
      if (personal === null) return [];
      return privacy.searchTokens(customerId, personal, (fields) => {
        const { contact } = fields as OrderPersonal;
        return [contact.name, contact.email];
      });
    },
    asked: (word) => privacy.askedTokens(word)[0] ?? null,
  };
}
