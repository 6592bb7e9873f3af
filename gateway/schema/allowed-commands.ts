import { aggregates, allowedCommands } from "../../machines/index.ts";
import type { AggregateName, CommandPermission, Refusal } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { callerOf } from "../context.ts";
import type { Viewer } from "../context.ts";
import { builder } from "./builder.ts";

const reasonType = builder.objectRef<Refusal>("CommandRefusal").implement({
  description: "Why a command would be refused now.",
  fields: (t) => ({
    code: t.exposeString("code"),
    message: t.exposeString("message"),
    details: t.field({ type: "JSON", resolve: (refusal) => refusal.details }),
  }),
});

export const allowedCommandType = builder.objectRef<CommandPermission>("AllowedCommand").implement({
  description: "A command and whether the viewer could send it now.",
  fields: (t) => ({
    command: t.exposeString("command"),
    allowed: t.exposeBoolean("allowed"),
    reason: t.field({
      type: reasonType,
      nullable: true,
      description: "Null when it is allowed.",
      resolve: (permission) => permission.reason,
    }),
  }),
});

/** Every command that is not internal, as the viewer could send it to the entity now. */
export function permissionsOf(
  name: AggregateName,
  view: EntityView,
  viewer: Viewer,
): readonly CommandPermission[] {
  return allowedCommands(aggregates[name], view.state, callerOf(viewer));
}
