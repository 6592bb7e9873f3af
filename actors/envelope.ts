import { z } from "zod";
import { aggregates } from "../machines/index.ts";
import type { Refusal } from "../machines/index.ts";
import type { CommandEnvelope } from "./command.ts";
import { blindRefusal } from "./outcome.ts";

/** Lower case only: the store knows one spelling of an id. */
const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is not a UUID");

const frame = z.object({
  commandId: uuid,
  aggregate: z.enum(["order", "product"]),
  entityId: uuid,
  payloadHash: z.string().min(1).max(200),
  expectedVersion: z.number().int().min(0).optional(),
  correlationId: z.string().min(1).max(200),
  causationId: z.string().max(200).optional(),
  traceparent: z.string().max(200).optional(),
  deadline: z.number(),
  command: z.object({
    type: z.string().max(100),
    now: z.iso.datetime({ precision: 3 }),
    by: z.object({
      subject: z.string().min(1).max(200),
      scope: z.enum(["customer", "operator", "service", "internal"]),
    }),
  }),
});

/** A fault of a command's form: the fields at which it is not what its definition says. */
function invalid(envelope: CommandEnvelope, issues: readonly z.core.$ZodIssue[]): Refusal {
  const fields = issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const [first] = fields;
  return blindRefusal(envelope, {
    code: "INVALID_COMMAND",
    message: `The command is malformed at ${first?.path ?? "its root"}: ${first?.message ?? ""}`,
    details: { fields },
  });
}

/** Why a command cannot even be looked up; null for one whose frame is whole. */
export function frameFault(envelope: CommandEnvelope): Refusal | null {
  const parsed = frame.safeParse(envelope);
  return parsed.success ? null : invalid(envelope, parsed.error.issues);
}

/** The envelope with its data parsed by the command's schema, or why it does not parse. */
export function parseData(envelope: CommandEnvelope): {
  readonly envelope: CommandEnvelope;
  readonly malformed: Refusal | null;
} {
  const { command, aggregate } = envelope;
  const { commands } = aggregates[aggregate];
  const definition = Object.hasOwn(commands, command.type) ? commands[command.type] : undefined;
  if (definition === undefined) {
    const message = `${aggregate} has no command ${command.type}.`;
    return { envelope, malformed: blindRefusal(envelope, { code: "INVALID_COMMAND", message }) };
  }
  const parsed = definition.schema.safeParse(command.data);
  if (!parsed.success) return { envelope, malformed: invalid(envelope, parsed.error.issues) };
  return {
    envelope: { ...envelope, command: { ...command, data: parsed.data as object } },
    malformed: null,
  };
}
