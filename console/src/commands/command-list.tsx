import { useState } from "react";
import { spaced } from "../format/words.ts";
import { commands } from "../generated/commands.ts";
import { CommandForm } from "./command-form.tsx";
import type { Command, CommandTarget } from "./command.ts";
import "./commands.css";

interface Permission {
  readonly command: string;
  readonly allowed: boolean;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

interface CommandListProps {
  readonly permissions: readonly Permission[];
  readonly target: CommandTarget;
  /** Whether an older version is looked at: then nothing can be sent. */
  readonly isPast: boolean;
  readonly onDone: (version: number | null) => void;
}

/** Every command: those that are allowed as buttons, the others greyed with the reason. */
export function CommandList({ permissions, target, isPast, onDone }: CommandListProps) {
  const [chosen, setChosen] = useState<Command | null>(null);
  const known = permissions.flatMap((permission) => {
    const command = commands.find(
      (one) => one.command === permission.command && one.entity === target.entity,
    );
    return command === undefined ? [] : [{ ...permission, about: command }];
  });
  const allowed = known.filter((one) => one.allowed);
  const refused = known.filter((one) => !one.allowed);
  return (
    <>
      {allowed.length === 0 && <p>Nothing: no command is allowed in this state.</p>}
      <ul className="allowed">
        {allowed.map(({ command, about }) => (
          <li key={command}>
            <button
              type="button"
              className="primary"
              disabled={isPast}
              onClick={() => setChosen(about)}
            >
              {spaced(command)}
            </button>{" "}
            <span className="dim">{about.description}</span>
          </li>
        ))}
      </ul>
      <h3>{isPast ? "Refused then, and why" : "Refused now, and why"}</h3>
      <ul className="refused">
        {refused.map(({ command, reason }) => (
          <li key={command} data-refused={command}>
            <button type="button" disabled>
              {spaced(command)}
            </button>{" "}
            <span>
              {reason?.message} <code>{reason?.code}</code>
            </span>
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <CommandForm
          key={chosen.command}
          command={chosen}
          target={target}
          onDone={onDone}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}
