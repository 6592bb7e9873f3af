import type { Db } from "mongodb";
import type { allProjections } from "../projections/index.ts";

type Projection = (typeof allProjections)[number];

/** The collections of a projection that serve now, by their whole names. */
export interface Served {
  readonly rows: string;
  /** By their names in every generation. */
  readonly facts: ReadonlyMap<string, string>;
  readonly days: string | null;
  readonly checkpoint: string;
}

interface ReadModel {
  readonly _id: string;
  readonly generations: readonly { readonly suffix: string; readonly codeVersion: number }[];
}

/** Which they are since the last rebuild. */
export async function servedBy(db: Db, projection: Projection): Promise<Served> {
  const { name, codeVersion, facts = [], days } = projection;
  const model = await db.collection<ReadModel>("read_models").findOne({ _id: name });
  const found = model?.generations.find((one) => one.codeVersion === codeVersion);
  if (found === undefined) throw new Error(`nothing serves ${name}`);
  const { suffix } = found;
  return {
    rows: name + suffix,
    facts: new Map(facts.map((table) => [table.name, table.name + suffix])),
    days: days === undefined ? null : days + suffix,
    checkpoint: name + suffix,
  };
}
