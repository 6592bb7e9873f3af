import { createStore } from "../state/store.ts";

/** `auto` is what the operating system prefers. */
export type Theme = "auto" | "light" | "dark";

const KEY = "statecart.theme";
const themes: readonly string[] = ["auto", "light", "dark"];

export const theme = createStore<Theme>("auto");

/** Takes up the choice that was made on this machine before. */
export function startTheme(): void {
  const kept = localStorage.getItem(KEY);
  if (kept !== null && themes.includes(kept)) setTheme(kept as Theme);
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  document.documentElement.dataset["theme"] = next;
  theme.set(next);
}
