/** What may happen at an arrow: the event, the guard that must hold, the commands that ask. */
export interface Label {
  readonly event: string;
  readonly guard?: string;
  readonly commands: readonly string[];
  readonly isLegacy?: boolean;
}

/** A state, or a region when it has no parent, with where its box is. */
export interface DrawnState {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly isEnd: boolean;
  readonly timers: readonly { readonly command: string }[];
  readonly inside: readonly Label[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Points = readonly (readonly number[])[];

/** A statechart as the gateway gives it with `format: DRAWING`. */
export interface Drawing {
  readonly graph: {
    readonly nodes: readonly DrawnState[];
    readonly edges: readonly {
      readonly from: string;
      readonly to: string;
      readonly labels: readonly Label[];
    }[];
  };
  readonly layout: {
    readonly width: number;
    readonly height: number;
    readonly nodes: readonly (Box & { readonly id: string })[];
    readonly edges: readonly {
      readonly from: string;
      readonly to: string;
      readonly points: Points;
      readonly label: { readonly x: number; readonly y: number };
    }[];
    readonly initials: readonly { readonly to: string; readonly points: Points }[];
  };
}

/** The states that are active, by dotted paths, from the value of a statechart. */
export function activeStates(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const deeper = activeStates(below).map((one) => `${name}.${one}`);
    return deeper.length === 0 ? [name] : deeper;
  });
}

/** Whether a state is active, or one inside it is. */
export function isActive(id: string, active: readonly string[]): boolean {
  return active.some((one) => one === id || one.startsWith(`${id}.`));
}

/** An event with its guard in brackets. */
export function labelText({ event, guard }: Label): string {
  return guard === undefined ? event : `${event} [${guard}]`;
}

/** The lines below a state's name: its deadlines, then what it takes without being left. */
export function linesOf(
  { timers, inside }: DrawnState,
  canCome: (label: Label) => boolean,
): readonly { readonly text: string; readonly can: boolean }[] {
  const lines = new Map<string, boolean>();
  for (const { command } of timers) lines.set(`due: ${command}`, false);
  for (const label of inside) {
    const text = labelText(label);
    lines.set(text, lines.get(text) === true || canCome(label));
  }
  return [...lines].map(([text, can]) => ({ text, can }));
}
