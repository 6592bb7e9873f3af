import type { Aggregate } from "../../machines/index.ts";
import type { EntityView, ReadModel } from "../../projections/index.ts";
import { callerOf, requestOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import { GatewayError } from "../errors.ts";
import { builder } from "./builder.ts";

const SEEN_MAX = 10;

type Arguments = Parameters<Parameters<typeof builder.queryFields>[0]>[0];

const entityVersionType = builder.inputType("EntityVersion", {
  description: "A version of one order or product, as a mutation or an event names it.",
  fields: (t) => ({
    id: t.field({ type: "UUID", required: true }),
    version: t.int({ required: true }),
  }),
});

/** For what is one thing: the version that it must have. */
export function atLeastVersionArg(t: Arguments) {
  return t.arg.int({
    description:
      "Waits until the read model has this version, such as a mutation's answer; " +
      "READ_MODEL_BEHIND when that does not come in time.",
  });
}

/** For lists: the versions that some of the things in them must have. */
export function atLeastArg(t: Arguments) {
  return t.arg({
    type: [entityVersionType],
    description:
      "Waits until the read model has these versions, such as those of mutations' answers; " +
      `READ_MODEL_BEHIND when that does not come in time. At most ${String(SEEN_MAX)}.`,
  });
}

interface Model<Context extends object> {
  readonly reads: ReadModel<Context>;
  readonly of: Aggregate<Context>;
}

interface Wanted {
  readonly id: string;
  readonly version: number | null | undefined;
  /** Where the version stands, for the error. */
  readonly argument: string;
}

/**
 * Waits until the read model has a version. What the viewer may not see is waited for like what
 * does not exist, so that neither tells anything. Throws `READ_MODEL_BEHIND` when it does not come
 * in time, and `BAD_USER_INPUT` for what can be no version.
 */
export async function awaitVersion<Context extends object>(
  { id, version, argument }: Wanted,
  { reads, of }: Model<Context>,
  context: OperationContext,
): Promise<void> {
  if (typeof version !== "number") return;
  if (version < 1) throw badArgument(argument, "versions begin with 1");
  const { deadline } = requestOf(context);
  const caller = callerOf(context.viewer);
  const holds = ({ state }: EntityView<Context>): boolean => of.isVisibleTo(state, caller);
  const isThere =
    caller.scope === "customer"
      ? (await reads.waitUntil({ id, version, holds }, deadline)) !== null
      : await reads.waitFor(id, version, deadline);
  if (isThere) return;
  const message = `${argument}: the read model has no version ${String(version)} of it yet.`;
  throw new GatewayError("READ_MODEL_BEHIND", message, { argument });
}

/** The same for several at once. */
export async function awaitVersions<Context extends object>(
  wanted: readonly { readonly id: string; readonly version: number }[] | null | undefined,
  model: Model<Context>,
  context: OperationContext,
): Promise<void> {
  const versions = wanted ?? [];
  if (versions.length > SEEN_MAX) throw badArgument("atLeast", `at most ${String(SEEN_MAX)}`);
  await Promise.all(
    versions.map(({ id, version }, index) =>
      awaitVersion({ id, version, argument: `atLeast.${String(index)}.version` }, model, context),
    ),
  );
}

function badArgument(argument: string, why: string): GatewayError {
  return new GatewayError("BAD_USER_INPUT", `${argument}: ${why}.`, { argument });
}
