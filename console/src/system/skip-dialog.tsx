import { useEffect, useRef } from "react";
import type { DeadLetter } from "./status.ts";

interface SkipDialogProps {
  readonly letter: DeadLetter;
  readonly onSkip: () => void;
  readonly onCancel: () => void;
}

/** Asks whether an event is really to be passed over: there is no way back. */
export function SkipDialog({ letter, onSkip, onCancel }: SkipDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { projection, entityId, version, code } = letter;
  return (
    <dialog ref={dialog} className="again" aria-label="Skip an event" onCancel={onCancel}>
      <h2>Skip event {version}?</h2>
      <p>
        {projection} then shows <code>{entityId}</code> as if event {version} (<code>{code}</code>)
        had not happened, for good and after every rebuild. The log keeps the event. Later events
        may not fit any more.
      </p>
      <div className="actions">
        <button type="button" className="primary" onClick={onSkip}>
          Skip it for good
        </button>
        <button type="button" autoFocus onClick={onCancel}>
          Leave it parked
        </button>
      </div>
    </dialog>
  );
}
