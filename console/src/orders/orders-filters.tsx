import { wordsOf } from "../format/words.ts";
import { ChoiceFilter } from "../lists/choice-filter.tsx";
import { FIRST_PAGE } from "../lists/page-variables.ts";
import { TextFilter } from "../lists/text-filter.tsx";
import { useSearch } from "../routing/use-search.ts";
import { ordersSearch, sortChoices } from "./orders-search.ts";
import { allStatuses, endedStatuses, openStatuses } from "./statuses.ts";

const statusChoices: readonly (readonly [string, string])[] = [
  ["", "Any status"],
  [openStatuses.join(","), "All that are open"],
  [endedStatuses.join(","), "All that have ended"],
  ...allStatuses.map((status) => [status, wordsOf(status)] as const),
];

/** Which orders are listed, and how; all of it stands in the address. */
export function OrdersFilters() {
  const [search, change] = useSearch();
  const { text, sort } = ordersSearch(search);
  const put = (name: string) => (value: string) =>
    change({ [name]: value, ...FIRST_PAGE }, { replace: true });
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <TextFilter
        label="Words"
        value={text}
        placeholder="number, name, e-mail, SKU, tracking"
        onChange={put("text")}
      />
      <ChoiceFilter
        label="Status"
        value={search.get("status") ?? ""}
        choices={statusChoices}
        onChange={put("status")}
      />
      <TextFilter
        label="Customer’s id"
        value={search.get("customer") ?? ""}
        onChange={put("customer")}
      />
      <DayFilter label="Placed from" value={search.get("from") ?? ""} onChange={put("from")} />
      <DayFilter label="Placed until" value={search.get("until") ?? ""} onChange={put("until")} />
      {text === "" && (
        <ChoiceFilter label="Sorted by" value={sort} choices={sortChoices} onChange={put("sort")} />
      )}
    </form>
  );
}

interface DayFilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function DayFilter({ label, value, onChange }: DayFilterProps) {
  return (
    <label>
      {label}
      <input type="date" value={value} onChange={({ target }) => onChange(target.value)} />
    </label>
  );
}
