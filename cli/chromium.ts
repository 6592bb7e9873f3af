import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The one without windows first: the same engine, for a third of the time. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** Whether a machine without Chromium fails the browser tests instead of skipping them. */
export const isChromiumDemanded = process.env["DEMAND_CHROMIUM"] === "1";

/** The Chromium of this machine; null when there is none. */
export const chromium: string | null = findChromium();

function findChromium(): string | null {
  const given = process.env["CHROMIUM_BIN"];
  if (given !== undefined && given !== "") return given;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}
