import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 300;

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** A text that filters while it is typed, a moment after the last key. */
export function TextFilter({ label, value, placeholder, onChange }: TextFilterProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  // An address that was gone back to brings its own text.
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <label>
      {label}
      <input
        type="search"
        value={text}
        placeholder={placeholder}
        onChange={({ target }) => {
          setText(target.value);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => onChange(target.value.trim()), PAUSE_MS);
        }}
      />
    </label>
  );
}
