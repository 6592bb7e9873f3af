import { useStore } from "../state/store.ts";
import { setTheme, theme, type Theme } from "./theme.ts";

/** Light, dark, or what the system prefers. */
export function ThemeSwitch() {
  const current = useStore(theme);
  return (
    <label className="theme">
      <span className="unseen">Colours</span>
      <select value={current} onChange={(event) => setTheme(event.target.value as Theme)}>
        <option value="auto">Auto</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
