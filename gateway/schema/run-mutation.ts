import { z } from "zod";
import type { AggregateName, CommandDefinition } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { validationError } from "../commands/command-errors.ts";
import type { CommandError } from "../commands/command-errors.ts";
import { awaitConsistency, consistencies } from "../commands/consistency.ts";
import { sendCommand } from "../commands/send-command.ts";
import { requestOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import type { Payload } from "./payloads.ts";
import { withoutNulls } from "./zod-input.ts";

const IDEMPOTENCY_KEY_LENGTH_MAX = 200;

/** A mutation's command; `target` is the input field that names the entity. */
interface Command {
  readonly name: AggregateName;
  readonly type: string;
  readonly definition: CommandDefinition;
  readonly target: string | null;
}

/** What a client says beside the command itself; GraphQL has checked the kinds. */
const optionsSchema = z.object({
  idempotencyKey: z.string().trim().min(1).max(IDEMPOTENCY_KEY_LENGTH_MAX).nullish(),
  expectedVersion: z.int().min(0).nullish(),
  consistency: z.enum(consistencies).nullish(),
});

/**
 * Sends the command of a mutation and answers with the entity or the errors. The view has the type
 * that goes with the aggregate of the command. Throws when the outcome is open.
 */
export async function runMutation<View extends EntityView>(
  { name, type, definition, target }: Command,
  given: Readonly<Record<string, unknown>>,
  context: OperationContext,
): Promise<Payload<View>> {
  const { idempotencyKey, expectedVersion, consistency, ...rest } = given;
  const options = optionsSchema.safeParse({ idempotencyKey, expectedVersion, consistency });
  const request = requestOf(context);
  const refuse = (errors: readonly CommandError[]): Payload<View> => {
    request.refusals.push(...errors.map(({ code }) => code));
    return { view: null, errors };
  };
  if (!options.success) return refuse(options.error.issues.map(validationError));
  const { [target ?? ""]: entityId = null, ...input } = rest;
  const answer = await sendCommand(
    {
      aggregate: name,
      type,
      definition,
      entityId: entityId as string | null,
      input: withoutNulls(definition.input, input),
      idempotencyKey: options.data.idempotencyKey ?? null,
      expectedVersion: options.data.expectedVersion ?? null,
    },
    request,
    context.services,
  );
  if (answer.kind === "refused") return refuse(answer.errors);
  const { view, errors } = await awaitConsistency(
    { aggregate: name, command: type, accepted: answer.view },
    { consistency: options.data.consistency ?? "EVENTUAL", deadline: request.deadline },
    context.services,
  );
  return { view: view as View, errors };
}
