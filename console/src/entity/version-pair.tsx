import { useState } from "react";

interface VersionPairProps {
  readonly newest: number;
  /** The pair to begin with; another one begins anew. */
  readonly from: number;
  readonly to: number;
  readonly onChoose: (pair: { readonly from: number; readonly to: number }) => void;
}

/** Chooses two versions to compare. */
export function VersionPair({ newest, from, to, onChoose }: VersionPairProps) {
  return (
    <div className="filters">
      <VersionInput
        label="From version"
        value={from}
        newest={newest}
        onChange={(value) => onChoose({ from: value, to })}
      />
      <VersionInput
        label="To version"
        value={to}
        newest={newest}
        onChange={(value) => onChoose({ from, to: value })}
      />
    </div>
  );
}

interface VersionInputProps {
  readonly label: string;
  readonly value: number;
  readonly newest: number;
  readonly onChange: (value: number) => void;
}

function VersionInput({ label, value, newest, onChange }: VersionInputProps) {
  const [text, setText] = useState<string | null>(null);
  return (
    <label>
      {label}
      <input
        type="number"
        min={1}
        max={newest}
        value={text ?? String(value)}
        onBlur={() => setText(null)}
        onChange={({ target }) => {
          setText(target.value);
          const version = Number(target.value);
          if (Number.isInteger(version) && version >= 1 && version <= newest) onChange(version);
        }}
      />
    </label>
  );
}
