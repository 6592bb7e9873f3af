import { wordsOf } from "../format/words.ts";
import { categoriesDocument } from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";
import { ChoiceFilter } from "../lists/choice-filter.tsx";
import { FIRST_PAGE } from "../lists/page-variables.ts";
import { TextFilter } from "../lists/text-filter.tsx";
import { useSearch } from "../routing/use-search.ts";
import { productStatuses, sortChoices } from "./products-search.ts";

const statusChoices: readonly (readonly [string, string])[] = [
  ["", "Any status"],
  ...productStatuses.map((status) => [status, wordsOf(status)] as const),
];

const stockChoices: readonly (readonly [string, string])[] = [
  ["", "Any stock"],
  ["yes", "Can be sold"],
  ["no", "Sold out"],
];

/** Which products are listed, and how; all of it stands in the address. */
export function ProductsFilters() {
  const [search, change] = useSearch();
  const categories = useQuery(categoriesDocument, {}).data?.categories ?? [];
  const chosen = (name: string): string => search.get(name) ?? "";
  const put = (name: string) => (value: string) =>
    change({ [name]: value, ...FIRST_PAGE }, { replace: true });
  const categoryChoices: (readonly [string, string])[] = [["", "Any category"]];
  for (const { name, productCount } of categories) {
    categoryChoices.push([name, `${name} (${String(productCount)})`]);
  }
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <TextFilter
        label="Words"
        value={chosen("text")}
        placeholder="name, SKU, description"
        onChange={put("text")}
      />
      <ChoiceFilter
        label="Status"
        value={chosen("status")}
        choices={statusChoices}
        onChange={put("status")}
      />
      <ChoiceFilter
        label="Category"
        value={chosen("category")}
        choices={categoryChoices}
        onChange={put("category")}
      />
      <ChoiceFilter
        label="Stock"
        value={chosen("available")}
        choices={stockChoices}
        onChange={put("available")}
      />
      {chosen("text") === "" && (
        <ChoiceFilter
          label="Sorted by"
          value={chosen("sort")}
          choices={sortChoices}
          onChange={put("sort")}
        />
      )}
    </form>
  );
}
