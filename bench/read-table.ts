import { align } from "./report.ts";

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What every question took with so many orders. */
export interface ReadColumn {
  readonly orders: number;
  readonly rows: readonly {
    readonly name: string;
    /** Through GraphQL; `firstMs` is the first time, before anything is in a cache. */
    readonly ours: Latency & { readonly firstMs: number };
    /** The same reads by the driver alone; how many they are. */
    readonly raw: Latency & { readonly reads: number };
  }[];
}

/** How fast a rebuild folded, and how fast its events can be read at all. */
export interface Rebuilt {
  readonly entities: number;
  readonly events: number;
  readonly perSecond: number;
  readonly rawPerSecond: number;
}

export interface ReadReport {
  readonly machine: string;
  readonly ordersADay: number;
  readonly columns: readonly ReadColumn[];
  readonly rebuilt: Rebuilt | null;
}

/** The table for people: a question a line, and what it takes with few and with many orders. */
export function readTable({ machine, ordersADay, columns, rebuilt }: ReadReport): string {
  const [first] = columns;
  const sizes = columns.map(({ orders }) => orders.toLocaleString("en"));
  const header = ["", ...sizes.flatMap((size) => [`${size}: p50`, "p99", "raw p50"]), "growth"];
  const body = (first?.rows ?? []).map(({ name }, index) => {
    const rows = columns.map((column) => column.rows[index]);
    return [name, ...rows.flatMap(figures), growthOf(rows)];
  });
  return [
    machine,
    "milliseconds, one question at a time; mongod journals every write for its majority of one",
    `${ordersADay.toLocaleString("en")} orders a day, so that what grows is the history`,
    "",
    ...align([header, ...body]),
    "",
    ...(rebuilt === null ? [] : [rebuildLine(rebuilt)]),
    "",
  ].join("\n");
}

function figures(row: ReadColumn["rows"][number] | undefined): string[] {
  if (row === undefined) return [];
  const { ours, raw } = row;
  return [ours.p50Ms, ours.p99Ms, raw.p50Ms].map((ms) => ms.toFixed(1));
}

/** How many times as long it takes with the most orders as with the fewest, by the middle. */
function growthOf(rows: readonly (ReadColumn["rows"][number] | undefined)[]): string {
  const [few, many] = [rows[0]?.ours.p50Ms ?? 0, rows.at(-1)?.ours.p50Ms ?? 0];
  return (many / Math.max(0.001, few)).toFixed(1);
}

function rebuildLine({ entities, events, perSecond, rawPerSecond }: Rebuilt): string {
  const number = (value: number): string => Math.round(value).toLocaleString("en");
  return (
    `npm run rebuild -- orders: ${number(entities)} orders, ${number(events)} events, ` +
    `${number(perSecond)} events/s; reading them alone: ${number(rawPerSecond)} events/s`
  );
}
