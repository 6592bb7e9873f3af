import { z } from "zod";
import type { Checkpoints } from "./checkpoints.ts";
import type { StreamEnd } from "./relay-batch.ts";
import type { Position } from "./tail.ts";

const NAME = "relay";

const checkpointSchema = z.union([
  z.object({ repair: z.literal(true) }),
  z.object({
    token: z.string().min(1),
    time: z.number().int().nonnegative(),
    lastId: z.string(),
    sequence: z.number().int().nonnegative(),
    created: z.string(),
  }),
]);

/** Either "a repair is under way", or a position with the end of the stream it belongs to. */
export type RelayCheckpoint = z.infer<typeof checkpointSchema>;

/** The relay's checkpoint; null when there is none or nobody can read it. */
export async function loadCheckpoint(store: Checkpoints): Promise<RelayCheckpoint | null> {
  const parsed = checkpointSchema.safeParse(await store.load(NAME));
  return parsed.success ? parsed.data : null;
}

/** Says that a repair is under way; it stands until the repair's end, however often that dies. */
export async function saveRepair(store: Checkpoints): Promise<void> {
  await store.save(NAME, { repair: true } satisfies RelayCheckpoint);
}

/** Says that everything before the position is in the stream, which ends there. */
export async function savePosition(
  store: Checkpoints,
  position: Position,
  stream: StreamEnd & { readonly created: string },
): Promise<void> {
  if (position.token === null) return;
  const checkpoint: RelayCheckpoint = {
    token: position.token,
    time: position.time,
    lastId: stream.messageId,
    sequence: stream.sequence,
    created: stream.created,
  };
  await store.save(NAME, checkpoint);
}
