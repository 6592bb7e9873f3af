import type { CommandField, CommandTarget } from "./command.ts";

type Input = Readonly<Record<string, unknown>>;

/** The input of a command from what a form holds; fields that are empty are left out. */
export function formInput(
  fields: readonly CommandField[],
  form: FormData,
  target: CommandTarget,
): Input {
  return objectAt("", fields, { form, target }) ?? {};
}

interface Source {
  readonly form: FormData;
  readonly target: CommandTarget;
}

function objectAt(prefix: string, fields: readonly CommandField[], source: Source): Input | null {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = valueAt(`${prefix}${field.name}`, field, source);
    return value === null ? [] : [[field.name, value]];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function valueAt(name: string, field: CommandField, source: Source): unknown {
  const { of, isList, type } = field;
  if (of !== undefined && isList) return rowsAt(name, of, source);
  if (type === "MoneyInput") return moneyAt(name, source);
  if (of !== undefined) return objectAt(`${name}.`, of, source);
  const text = textAt(name, source);
  if (text === "") return null;
  if (type === "Int" || type === "SafeInt") return Number(text);
  if (type === "DateTime") return new Date(text).toISOString();
  return text;
}

/** A row for each line of the order for which a quantity is given. */
function rowsAt(
  name: string,
  of: readonly CommandField[],
  source: Source,
): readonly Input[] | null {
  const lines = source.target.choices["lineId"] ?? [];
  const rows = lines.flatMap(({ id }) => {
    if (textAt(`${name}.${id}.quantity`, source) === "") return [];
    const others = of.filter((one) => one.name !== "lineId");
    return [{ lineId: id, ...objectAt(`${name}.${id}.`, others, source) }];
  });
  return rows.length === 0 ? null : rows;
}

/** A decimal text as whole minor units, by its digits alone: a float would round. */
function moneyAt(name: string, source: Source): Input | null {
  const text = textAt(name, source).replace(",", ".");
  if (text === "") return null;
  const { currency, fractionDigits } = source.target;
  const [whole = "0", fraction = ""] = text.split(".");
  return { currency, minor: Number(`${whole}${fraction.padEnd(fractionDigits, "0")}`) };
}

/** What an amount may look like in a form: no more decimals than the currency has. */
export function moneyPattern(fractionDigits: number): string {
  return fractionDigits === 0 ? "\\d+" : `\\d+([.,]\\d{1,${String(fractionDigits)}})?`;
}

function textAt(name: string, { form }: Source): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
