import { ChoiceFilter } from "../lists/choice-filter.tsx";
import { useSearch } from "../routing/use-search.ts";
import { dayAfter, dayIn } from "./civil-days.ts";
import { timeZones, type ReportsSearch } from "./reports-search.ts";

const granularityChoices: readonly (readonly [string, string])[] = [
  ["", "Day"],
  ["week", "Week"],
  ["month", "Month"],
];

/** Periods that are asked for often: their names, days and steps. */
const presets: readonly (readonly [name: string, days: number, by: string])[] = [
  ["7 days", 7, ""],
  ["30 days", 30, ""],
  ["12 weeks", 84, "week"],
  ["12 months", 365, "month"],
];

interface ReportsFiltersProps {
  readonly chosen: ReportsSearch;
  readonly currency: string;
  readonly currencies: readonly string[];
}

/** Of what and how it is reported; all of it stands in the address. */
export function ReportsFilters({ chosen, currency, currencies }: ReportsFiltersProps) {
  const [search, change] = useSearch();
  const put = (name: string) => (value: string) => change({ [name]: value }, { replace: true });
  const zoneChoices = timeZones.map((zone) => [zone, zone.replaceAll("_", " ")] as const);
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        From
        <input
          type="date"
          value={chosen.from}
          max={chosen.through}
          onChange={({ target }) => put("from")(target.value)}
        />
      </label>
      <label>
        Through
        <input
          type="date"
          value={chosen.through}
          min={chosen.from}
          onChange={({ target }) => put("through")(target.value)}
        />
      </label>
      <ChoiceFilter
        label="Currency"
        value={currency}
        choices={currencies.map((one) => [one, one])}
        onChange={put("currency")}
      />
      <ChoiceFilter
        label="By"
        value={(search.get("by") ?? "").toLowerCase()}
        choices={granularityChoices}
        onChange={put("by")}
      />
      <ChoiceFilter
        label="Time zone"
        value={chosen.timeZone}
        choices={zoneChoices}
        onChange={put("zone")}
      />
      <div className="presets" role="group" aria-label="Periods up to today">
        {presets.map(([name, days, by]) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              const from = dayAfter(dayIn(chosen.timeZone, Date.now()), 1 - days);
              change({ from, through: null, by }, { replace: true });
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </form>
  );
}
