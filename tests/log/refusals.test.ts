import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import { noteRefusals } from "../../actors/index.ts";
import { createRefusals } from "../../log/index.ts";
import type { RefusalNote, Refusals } from "../../log/index.ts";
import { disposeLater, testDatabase } from "../support/servers.ts";
import type { TestDatabase } from "../support/servers.ts";

let database: TestDatabase;
let refusals: Refusals;
const lines: { dropped?: number }[] = [];

beforeEach(async () => {
  database = await testDatabase();
  lines.length = 0;
  const logger = pino(
    { level: "warn" },
    { write: (line) => lines.push(JSON.parse(line) as object) },
  );
  refusals = createRefusals(database.db, logger);
  disposeLater(() => refusals.close());
});

function note(stream: string, changes: Partial<RefusalNote> = {}): RefusalNote {
  return {
    stream,
    aggregate: "order",
    version: 3,
    commandId: randomUUID(),
    subject: "ada",
    scope: "customer",
    command: "ShipOrder",
    correlationId: "trace-1",
    causationId: null,
    code: "INVALID_TRANSITION",
    message: "It is not possible now.",
    ...changes,
  };
}

describe("refused commands", () => {
  it("are kept for thirty days and read in order, those of one sender if asked", async () => {
    const stream = randomUUID();
    for (const [index, subject] of ["ada", "bob", "ada"].entries()) {
      refusals.note(note(stream, { subject, version: index + 1 }));
    }
    await refusals.close();
    const request = { stream, subject: null, limit: 10, isBackward: false };
    const all = await refusals.read(request);
    expect(all.map(({ version }) => version)).toEqual([1, 2, 3]);
    const backward = await refusals.read({ ...request, isBackward: true, limit: 1 });
    expect(backward.map(({ version }) => version)).toEqual([3]);
    const own = await refusals.read({ ...request, subject: "bob" });
    expect(own.map(({ version }) => version)).toEqual([2]);
    const indexes = await database.db.collection("refusals").indexes();
    expect(indexes.map(({ expireAfterSeconds }) => expireAfterSeconds)).toContain(30 * 86_400);
  });

  it("drop the oldest and count them when there are too many", async () => {
    const stream = randomUUID();
    for (let index = 0; index < 5_010; index += 1) refusals.note(note(stream, { version: index }));
    await refusals.close();
    const stored = database.db.collection("refusals");
    expect(await stored.countDocuments()).toBe(5_000);
    expect(await stored.countDocuments({ v: { $lt: 10 } })).toBe(0);
    expect(lines.filter(({ dropped }) => dropped !== undefined)).toMatchObject([{ dropped: 10 }]);
  });

  it("of nothing that has a history are not kept", async () => {
    refusals.note(note(randomUUID(), { version: null }));
    await refusals.close();
    expect(await database.db.collection("refusals").countDocuments()).toBe(0);
  });

  it("hold nothing of what was sent", () => {
    const noted: RefusalNote[] = [];
    const by = { subject: "ada", scope: "customer" } as const;
    const command = { type: "CreateOrder", data: { name: "Ada" }, now: "", by };
    const envelope = { commandId: randomUUID(), entityId: randomUUID(), command, deadline: 0 };
    noteRefusals({ note: (one) => noted.push(one) })(
      { ...envelope, aggregate: "order", payloadHash: "", correlationId: "trace-1" },
      {
        kind: "refused",
        version: 0,
        refusal: {
          code: "INVALID_COMMAND",
          message: 'The command is malformed at "Ada"',
          command: "CreateOrder",
          state: null,
          allowedCommands: [],
          details: { fields: [{ path: "Ada" }] },
        },
      },
    );
    expect(noted).toHaveLength(1);
    expect(JSON.stringify(noted)).not.toContain("Ada");
  });
});
