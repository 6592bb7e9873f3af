import { cpus, loadavg, release, totalmem } from "node:os";
import { median, type Figure } from "./measure.ts";

/** One question's answers, a figure for each round. */
export interface Row {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Said beside the row: what the load was. */
  readonly load: string;
}

/** A ratio that the house has set itself, with what it came to. */
export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly value: number;
  readonly isMet: boolean;
}

export interface Report {
  readonly machine: string;
  readonly durability: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
  /** What held at the end, a sentence each. */
  readonly proofs: readonly string[];
}

/** The machine, as far as it explains the figures. */
export function machineLine(): string {
  const cores = cpus();
  const memory = `${String(Math.round(totalmem() / 2 ** 30))} GiB`;
  const model = cores[0]?.model.trim() ?? "unknown CPU";
  return (
    `${String(cores.length)} x ${model}, ${memory}, ` +
    `${process.platform} ${release()}, Node ${process.version}, ` +
    `load average ${(loadavg()[0] ?? 0).toFixed(1)} before the start`
  );
}

/** Medians over the rounds. */
export function middleOf(row: Row): Figure {
  const over = (read: (figure: Figure) => number): number => median(row.figures.map(read));
  const hasCpu = row.figures.every((figure) => figure.cpuUs !== null);
  return {
    perSecond: over((figure) => figure.perSecond),
    p50Ms: over((figure) => figure.p50Ms),
    p99Ms: over((figure) => figure.p99Ms),
    cpuUs: hasCpu ? over((figure) => figure.cpuUs ?? 0) : null,
    busy: over((figure) => figure.busy),
  };
}

/** Spread over the rounds: half of (highest - lowest) as a share of the middle. */
function spreadOf(row: Row): number {
  const all = row.figures.map((figure) => figure.perSecond);
  return (Math.max(...all) - Math.min(...all)) / 2 / Math.max(1e-9, median(all));
}

/** The table for people. */
export function tableOf(report: Report): string {
  const header = ["", "per second", "spread", "p50 ms", "p99 ms", "CPU us", "busy", "load"];
  const body = report.rows.map((row) => {
    const figure = middleOf(row);
    return [
      row.name,
      Math.round(figure.perSecond).toLocaleString("en"),
      `±${percent(spreadOf(row))}`,
      figure.p50Ms.toFixed(2),
      figure.p99Ms.toFixed(2),
      figure.cpuUs === null ? "" : figure.cpuUs.toFixed(0),
      percent(figure.busy),
      row.load,
    ];
  });
  const goals = report.goals.map((goal) => [
    goal.name,
    goal.value.toFixed(2),
    goal.goal,
    goal.isMet ? "met" : "missed",
  ]);
  return [
    report.machine,
    `${report.durability}; median of ${String(report.rounds)} rounds`,
    "",
    ...align([header, ...body]),
    "",
    ...align([["ratio", "value", "goal", ""], ...goals]),
    "",
    ...report.proofs.map((proof) => `- ${proof}`),
    "",
  ].join("\n");
}

/** The same for machines. */
export function jsonOf(report: Report): string {
  const rows = report.rows.map((row) => ({
    name: row.name,
    load: row.load,
    ...middleOf(row),
    spread: spreadOf(row),
    rounds: row.figures,
  }));
  return JSON.stringify({ ...report, rows });
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))}%`;
}

/** Rows as lines: first and last column to the left, figures to the right. */
export function align(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
