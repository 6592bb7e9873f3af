import { spaced, wordsOf } from "../format/words.ts";
import type { CommandField, CommandTarget } from "./command.ts";
import { moneyPattern } from "./form-input.ts";

interface FieldInputProps {
  readonly field: CommandField;
  /** The field's name in the form, from the outside in. */
  readonly name: string;
  readonly target: CommandTarget;
  /** False below an object that may be left out altogether. */
  readonly isNeeded: boolean;
}

/** The input of one field; that of an object is a group, that of lines a table. */
export function FieldInput({ field, name, target, isNeeded }: FieldInputProps) {
  const { of, isList, isRequired } = field;
  const needed = isNeeded && isRequired;
  if (of !== undefined && isList)
    return <LineInputs {...{ field, name, target }} isNeeded={needed} />;
  if (of !== undefined && field.type !== "MoneyInput") {
    return (
      <fieldset>
        <legend>{labelOf(field, needed)}</legend>
        {of.map((one) => (
          <FieldInput
            key={one.name}
            field={one}
            name={`${name}.${one.name}`}
            target={target}
            isNeeded={needed}
          />
        ))}
      </fieldset>
    );
  }
  return (
    <label>
      {labelOf(field, needed)}
      <SingleInput field={field} name={name} target={target} isNeeded={needed} />
    </label>
  );
}

function labelOf({ name }: CommandField, isNeeded: boolean): string {
  return isNeeded ? spaced(name) : `${spaced(name)} (optional)`;
}

function SingleInput({ field, name, target, isNeeded: required }: FieldInputProps) {
  const choices = target.choices[field.name] ?? field.values?.map(asChoice);
  if (choices !== undefined) {
    return (
      <select name={name} required={required}>
        {!required && <option value="" />}
        {choices.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    );
  }
  switch (field.type) {
    case "Int":
    case "SafeInt":
      return <input name={name} type="number" step={1} required={required} />;
    case "DateTime":
      return <input name={name} type="datetime-local" required={required} />;
    case "MoneyInput":
      return (
        <span>
          <input
            name={name}
            inputMode="decimal"
            pattern={moneyPattern(target.fractionDigits)}
            required={required}
          />{" "}
          {target.currency}
        </span>
      );
    default:
      return <input name={name} required={required} autoComplete="off" />;
  }
}

function asChoice(value: string) {
  return { id: value, words: wordsOf(value) };
}

/** A quantity for each line, and what else is asked of each; lines without one are left out. */
function LineInputs({ field, name, target, isNeeded }: FieldInputProps) {
  const others = (field.of ?? []).filter((one) => one.name !== "lineId" && one.name !== "quantity");
  return (
    <fieldset>
      <legend>
        {labelOf(field, isNeeded)}: units of each line
        {isNeeded ? "" : "; all when none are given"}
      </legend>
      {(target.choices["lineId"] ?? []).map(({ id, words }) => (
        <div key={id} className="line-input">
          <label>
            {words}
            <input name={`${name}.${id}.quantity`} type="number" min={1} step={1} />
          </label>
          {others.map((one) => (
            <FieldInput
              key={one.name}
              field={one}
              name={`${name}.${id}.${one.name}`}
              target={target}
              isNeeded={false}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}
