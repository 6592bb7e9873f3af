import { z } from "zod";
import { about } from "./setting.ts";

const extents = ["off", "feed", "viewer"] as const;
type Extent = (typeof extents)[number];

/** How far operators may look at statecharts from outside. */
export const inspectionSetting = z
  .enum(extents)
  .optional()
  .register(about, {
    env: "STATECART_INSPECTION",
    description:
      "`feed` lets operators watch statecharts by Stately's inspector (docs/inspecting.md), " +
      "`viewer` also serves a page that sends them to its hosted viewer, `off` neither " +
      "(default: `feed` in development, `off` in production)",
  });

/** What holds: what was given, else what is safe in the mode. */
export function inspectionExtent(
  given: Extent | undefined,
  mode: "development" | "production",
): Extent {
  return given ?? (mode === "development" ? "feed" : "off");
}
