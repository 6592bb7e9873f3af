import type { Document } from "../graphql/document.ts";
import { request } from "../graphql/request.ts";
import type { Command, CommandTarget } from "./command.ts";

/** Why a command was not accepted, or did not end well. */
export interface CommandError {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
  readonly expected?: number;
  readonly actual?: number;
}

/** The answer of the gateway to a command. */
export interface CommandAnswer {
  readonly version: number | null;
  readonly errors: readonly CommandError[];
}

type Answers = Readonly<Record<string, CommandAnswer>>;

const texts: Readonly<Record<string, string>> = import.meta.glob(
  "../generated/mutations/*.graphql",
  { query: "?raw", import: "default", eager: true },
);

interface Sending {
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: CommandTarget;
  /** The same for every attempt of the same command, so that it happens once. */
  readonly idempotencyKey: string;
}

/** Sends a command and waits until what it starts has ended. Rejects with a `RequestError`. */
export async function sendCommand(command: Command, sending: Sending): Promise<CommandAnswer> {
  const { input, target, idempotencyKey } = sending;
  const name = command.mutation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const text = texts[`../generated/mutations/${name}.graphql`] ?? "";
  const document = text as Document<Answers, { readonly input: object }>;
  const answers = await request(document, {
    input: {
      ...input,
      [`${target.entity}Id`]: target.id,
      expectedVersion: target.version,
      consistency: "SETTLED",
      idempotencyKey,
    },
  });
  return answers[command.mutation] ?? { version: null, errors: [] };
}

/** A key that no other command has. Over plain HTTP a browser has no `randomUUID`. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
