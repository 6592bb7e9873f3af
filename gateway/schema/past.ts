import type { Aggregate } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { callerOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import { GatewayError } from "../errors.ts";

/** Which past of which entity; nothing given = none is asked for. */
export interface PastRequest {
  readonly id: string;
  readonly atVersion?: number | null | undefined;
  readonly at?: string | null | undefined;
}

/** Whether a past state is asked for. */
export function isPast({ atVersion, at }: PastRequest): boolean {
  return typeof atVersion === "number" || typeof at === "string";
}

/**
 * The entity as it was, if the viewer may see it as it was; null when it did not exist or is not
 * visible. Throws `BAD_USER_INPUT` when both a version and a moment are given, and
 * `VERSION_NOT_FOUND`, to those who may see it, for a version that it never had.
 */
export async function pastOf<Context extends object>(
  of: Aggregate<Context>,
  { id, atVersion, at }: PastRequest,
  { viewer, services }: OperationContext,
): Promise<EntityView<Context> | null> {
  const hasVersion = typeof atVersion === "number";
  if (hasVersion === (typeof at === "string")) {
    throw new GatewayError("BAD_USER_INPUT", "Give atVersion or at, not both.");
  }
  const moment = hasVersion ? { version: atVersion } : { at: at ?? "" };
  const past = await services.history.past(of.name, id, moment);
  if (past.kind === "none") return null;
  const view = past.view as EntityView<Context>;
  if (!of.isVisibleTo(view.state, callerOf(viewer))) return null;
  if (past.kind === "found") return view;
  const message = `There is no version ${String(atVersion)}; versions begin with 1.`;
  throw new GatewayError("VERSION_NOT_FOUND", message, { newestSeen: view.version });
}
