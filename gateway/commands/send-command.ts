import { randomUUID } from "node:crypto";
import type { CommandBus, CommandEnvelope, CommandOutcome } from "../../actors/index.ts";
import { commandIdFor } from "../../machines/index.ts";
import type { AggregateName, CommandDefinition } from "../../machines/index.ts";
import type { Privacy } from "../../privacy/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { GatewayError } from "../errors.ts";
import type { RequestFacts } from "../request-facts.ts";
import { refusalError, validationError } from "./command-errors.ts";
import type { CommandError } from "./command-errors.ts";
import { factsFor } from "./facts.ts";
import type { FindOwner, OrderTerms } from "./facts.ts";
import { payloadHash } from "./payload-hash.ts";
import type { FindProducts } from "./product-facts.ts";
import { sealInput } from "./seal-input.ts";

/** A command as a client asks for it. */
export interface CommandRequest {
  readonly aggregate: AggregateName;
  readonly type: string;
  readonly definition: CommandDefinition;
  /** The entity the client named; null for a creation. */
  readonly entityId: string | null;
  /** As it came, not checked beyond its shape. */
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly expectedVersion: number | null;
}

/** What sending needs from the outside. */
export interface CommandServices {
  readonly bus: CommandBus;
  readonly findProducts: FindProducts;
  readonly findOwner: FindOwner;
  readonly orderTerms: OrderTerms;
  readonly privacy: Privacy;
  /** Key of the payload hashes; the same in every process, for ever. */
  readonly payloadKey: string;
  /** Time for one attempt of the bus. */
  readonly commandDeadlineMs: number;
}

export type CommandAnswer =
  | { readonly kind: "done"; readonly view: EntityView }
  | { readonly kind: "refused"; readonly errors: readonly CommandError[] };

/**
 * Sends a client's command with all that a fair judge needs and brings the proved answer; the view
 * in it is the entity right after the command, never a read model's. Throws a `GatewayError` when
 * the outcome is open (`UNAVAILABLE`) or the attempt was not started (`OVERLOADED`).
 */
export async function sendCommand(
  request: CommandRequest,
  facts: RequestFacts,
  services: CommandServices,
): Promise<CommandAnswer> {
  const parsed = request.definition.input.safeParse(request.input);
  if (!parsed.success) {
    return { kind: "refused", errors: parsed.error.issues.map(validationError) };
  }
  const envelope = await envelopeOf({ ...request, input: parsed.data }, facts, services);
  if ("missing" in envelope) return { kind: "refused", errors: [missing(envelope.missing)] };
  return answer(envelope.entityId, await services.bus.send(envelope), facts);
}

async function envelopeOf(
  request: CommandRequest & { readonly input: object },
  { caller, correlationId, traceparent }: RequestFacts,
  services: CommandServices,
): Promise<CommandEnvelope | { readonly missing: string }> {
  const { aggregate, type, definition, input, idempotencyKey, expectedVersion } = request;
  const { payloadKey, commandDeadlineMs } = services;
  const commandId =
    idempotencyKey === null ? randomUUID() : commandIdFor(caller.subject, idempotencyKey);
  const sources = { ...services, input, commandId, caller, entityId: request.entityId };
  const facts = await factsFor(type, sources);
  if ("missing" in facts) return facts;
  const entityId = facts.entityId ?? request.entityId;
  if (entityId === null)
    throw new Error(`${type} has no entity: a creation needs a rule for its id`);
  const { customerId } = facts;
  const open = { schema: definition.input, input, customerId };
  const sealed = await sealInput(open, services.privacy);
  const now = Date.now();
  const command = {
    type,
    data: { ...sealed, ...facts.data },
    now: new Date(now).toISOString(),
    by: caller,
  };
  return {
    commandId,
    aggregate,
    entityId,
    command,
    payloadHash: payloadHash(payloadKey, { command: type, entityId: request.entityId, input }),
    ...(expectedVersion === null ? {} : { expectedVersion }),
    correlationId,
    ...(traceparent === undefined ? {} : { traceparent }),
    deadline: now + commandDeadlineMs,
  };
}

function answer(
  id: string,
  outcome: CommandOutcome,
  { correlationId }: RequestFacts,
): CommandAnswer {
  if (outcome.kind === "refused")
    return { kind: "refused", errors: [refusalError(outcome.refusal)] };
  if (outcome.kind === "failed") {
    if (outcome.code === "FAULT") throw new Error(`command fault, correlation ${correlationId}`);
    throw new GatewayError(outcome.code, outcome.message);
  }
  const { version, state, at } = outcome;
  const createdAt = (state.context as { createdAt?: string }).createdAt ?? at;
  return { kind: "done", view: { id, version, createdAt, updatedAt: at, state } };
}

function missing(field: string): CommandError {
  const path = ["input", field];
  const message = `${path.join(".")}: is required for your scope`;
  return { kind: "ValidationFailed", code: "VALIDATION", message, path };
}
