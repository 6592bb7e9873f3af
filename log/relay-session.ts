import { outgoingEvents } from "./evt-message.ts";
import type { OutgoingEvent } from "./evt-message.ts";
import { JetstreamError } from "./jetstream-error.ts";
import { attach } from "./relay-attach.ts";
import type { Attachment, AttachOptions } from "./relay-attach.ts";
import { savePosition } from "./relay-checkpoint.ts";
import type { Position, TailBatch } from "./tail.ts";

const IDLE_CHECK_INTERVAL_MS = 10_000;

/** What a session tells whoever runs it. */
export interface SessionReport {
  readonly onAttached: (lastSequence: number) => void;
  /** After each batch: the server time of its last commit, or null at the store's end. */
  readonly onProgress: (behindSince: number | null) => void;
}

/**
 * One attachment, from finding the position to whatever ends it. Returns when the signal aborts.
 * Throws RELAY_POSITION_LOST (attach anew with a repair); on anything else attach anew.
 */
export async function runSession(options: AttachOptions, report: SessionReport): Promise<void> {
  const attachment = await attach(options);
  report.onAttached(attachment.chain.end.sequence);
  let before = attachment.position;
  // Compared with tokens of this attachment only: one from elsewhere may be of another kind.
  let newest = "";
  let checkedAt = Date.now();

  for await (const batch of options.tail.read(before, { signal: options.signal })) {
    const events: OutgoingEvent[] = [];
    for (const { commit, position } of batch.commits) {
      if (position.token === null) {
        throw new JetstreamError("RELAY_POSITION_LOST", "The change stream's position was lost.");
      }
      // The tail may bring a commit again; tokens ascend strictly as strings.
      if (position.token <= newest) continue;
      newest = position.token;
      events.push(...unseen(outgoingEvents(commit, before, position), attachment));
      before = position;
    }
    await attachment.chain.publish(events);
    if (batch.position.token !== null) before = batch.position;
    const time = batch.commits.at(-1)?.position.time ?? 0;
    report.onProgress(batch.isCaughtUp || time === 0 ? null : time);
    if (isIdle(batch) && Date.now() - checkedAt >= IDLE_CHECK_INTERVAL_MS) {
      await checkIdle(options, attachment, before);
      checkedAt = Date.now();
    }
  }
}

/** Leaves out what the stream's last message proves to be stored. */
function unseen(events: readonly OutgoingEvent[], { last }: Attachment): readonly OutgoingEvent[] {
  if (last === null) return events;
  return events.filter((event) => event.stream !== last.stream || event.version > last.version);
}

function isIdle(batch: TailBatch): boolean {
  return batch.isCaughtUp && batch.commits.length === 0;
}

/** Saves the position, which would age out of the oplog, and notices a stream lost in silence. */
async function checkIdle(
  options: AttachOptions,
  { chain, created }: Attachment,
  position: Position,
): Promise<void> {
  const state = await options.evt.state();
  if (state?.created !== created || state.lastSequence !== chain.end.sequence) {
    throw new JetstreamError("RELAY_INTERRUPTED", "The stream is not the one attached to.");
  }
  options.signal.throwIfAborted();
  await savePosition(options.checkpoints, position, { ...chain.end, created });
}
