import { z } from "zod";
import type {
  CommandAlias,
  CommandDefinition,
  DomainCommand,
  DomainEvent,
  EntityState,
  EventDefinition,
  Scope,
} from "./aggregate.ts";
import { personalFields, sealedPersonal, unsealedPersonal } from "../values/personal.ts";
import type { PersonalMark, SealedPersonal, UnsealedPersonal } from "../values/personal.ts";
import { refuse } from "./refusal.ts";
import type { Objection } from "./refusal.ts";

type Definitions = Readonly<Record<string, EventDefinition>>;

/** The union of events that a table of definitions describes. */
export type EventOf<Table extends Definitions> = {
  readonly [Type in keyof Table & string]: {
    readonly type: Type;
    readonly schemaVersion: number;
    readonly data: z.output<Table[Type]["schema"]>;
  };
}[keyof Table & string];

/** The definition of a type by a name from outside; names of `Object.prototype` are none. */
export function definitionOf<Definition>(
  table: Readonly<Record<string, Definition>>,
  type: string,
): Definition | undefined {
  return Object.hasOwn(table, type) ? table[type] : undefined;
}

function versionOf(table: Definitions, type: string): number {
  return table[type]?.schemaVersion ?? 1;
}

/** Builds events of a table in their present version, typed by their schemas. */
export function eventsOf<const Table extends Definitions>(table: Table) {
  return <Type extends keyof Table & string>(
    type: Type,
    data: z.output<Table[Type]["schema"]>,
  ): DomainEvent => ({
    type,
    schemaVersion: versionOf(table, type),
    data: data as object,
  });
}

/** An input as a rule sees it: what is personal is sealed by then. */
type SealedInput<Input extends z.ZodObject> = {
  [Key in keyof z.output<Input>]: Key extends keyof Input["shape"]
    ? Input["shape"][Key] extends PersonalMark
      ? SealedPersonal
      : z.output<Input>[Key]
    : z.output<Input>[Key];
};

interface Rule<Context extends object, Input extends z.ZodObject, Facts extends z.ZodObject> {
  readonly input: Input;
  readonly facts: Facts;
  readonly scopes: readonly Scope[];
  readonly description: string;
  readonly creates?: boolean;
  readonly isAnswer?: boolean;
  readonly impossible?: (state: EntityState<Context>) => Objection | null;
  readonly objection?: (state: EntityState<Context>) => Objection | null;
  readonly decide: (
    state: EntityState<Context>,
    data: SealedInput<Input> & z.output<Facts>,
    command: DomainCommand,
  ) => readonly DomainEvent[] | Objection;
}

/** The schema of an input after its personal fields were sealed, or could not be. */
function sealedSchema(input: z.ZodObject): z.ZodObject {
  const fields = personalFields(input);
  if (fields.length === 0) return input;
  const sealed = z.union([sealedPersonal, unsealedPersonal]);
  return input.extend(Object.fromEntries(fields.map(({ key }) => [key, sealed])));
}

/** Why personal fields that are not sealed are refused; null when all of them are. */
function unsealedObjection(input: z.ZodObject, data: object): Objection | null {
  for (const { key } of personalFields(input)) {
    const field = (data as Record<string, SealedPersonal | UnsealedPersonal>)[key];
    if (field === undefined || !("unsealed" in field)) continue;
    return field.unsealed === "CUSTOMER_ERASED"
      ? refuse(
          "CUSTOMER_ERASED",
          "This customer was erased at their wish; nothing personal is taken of them any more.",
        )
      : refuse("NOT_FOUND", "There was no such order when the command was sent.");
  }
  return null;
}

/** One schema of both; where there are no facts, the input's own, which costs half as much. */
function together(input: z.ZodObject, facts: z.ZodObject): z.ZodType {
  return Object.keys(facts.shape).length === 0 ? input : z.intersection(input, facts);
}

/** Defines commands of one aggregate; a rule sees its data typed by its own two schemas. */
export function commandsOf<Context extends object>() {
  return <Input extends z.ZodObject, Facts extends z.ZodObject>(
    rule: Rule<Context, Input, Facts>,
  ): CommandDefinition<Context> => ({
    input: rule.input,
    facts: rule.facts,
    schema: together(sealedSchema(rule.input), rule.facts),
    scopes: rule.scopes,
    description: rule.description,
    creates: rule.creates ?? false,
    isAnswer: rule.isAnswer ?? false,
    alias: null,
    impossible: (state) => rule.impossible?.(state) ?? null,
    objection: (state) => rule.objection?.(state) ?? null,
    decide(state, command) {
      const data = command.data as SealedInput<Input> & z.output<Facts>;
      return unsealedObjection(rule.input, data) ?? rule.decide(state, data, command);
    },
  });
}

type AliasRule<Context extends object, Input extends z.ZodObject> = Pick<
  Rule<Context, Input, z.ZodObject>,
  "input" | "scopes" | "description"
> & {
  readonly of: readonly string[];
  readonly resolve: (
    state: EntityState<Context>,
    data: z.output<Input>,
    command: DomainCommand,
  ) => DomainCommand | Objection;
};

/** Defines a command that stands for exactly one of some others, chosen by its data. */
export function aliasOf<Context extends object>() {
  return <Input extends z.ZodObject>(
    rule: AliasRule<Context, Input>,
  ): CommandDefinition<Context> => {
    const alias: CommandAlias<Context> = {
      of: rule.of,
      resolve: (state, command) => rule.resolve(state, command.data as z.output<Input>, command),
    };
    const { input, scopes, description } = rule;
    const facts = z.object({});
    const schema = together(input, facts);
    const plain = { creates: false, isAnswer: false };
    const none = (): null => null;
    const never = (): readonly DomainEvent[] => [];
    const judged = { impossible: none, objection: none, decide: never };
    return { input, facts, schema, scopes, description, alias, ...judged, ...plain };
  };
}
