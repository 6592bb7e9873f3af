/** A field of a command's form, as the schema has it; `of` are the fields of an object. */
export interface CommandField {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly values?: readonly string[];
  readonly of?: readonly CommandField[];
}

/** A command that can be sent to an order or a product. */
export interface Command {
  /** As in `allowedCommands`. */
  readonly command: string;
  readonly mutation: string;
  readonly entity: "order" | "product";
  readonly creates: boolean;
  readonly description: string;
  readonly fields: readonly CommandField[];
}

/** Something that a field may name: a line, a return, a refund. */
interface Choice {
  readonly id: string;
  readonly words: string;
}

/** What a form knows of the order or product that its command goes to. */
export interface CommandTarget {
  readonly entity: "order" | "product";
  readonly id: string;
  readonly version: number;
  readonly currency: string;
  /** How many decimals the currency has. */
  readonly fractionDigits: number;
  /** By the name of the field that names one: `lineId`, `returnId`, `refundId`. */
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
}
