import { useEffect, useRef, useState } from "react";
import { TimeMark } from "../format/time-mark.tsx";

const PAUSE_MS = 120;

interface TimeTravelProps {
  readonly version: number;
  readonly newest: number;
  /** When what is shown came to be. */
  readonly at: string;
  readonly onTravel: (version: number) => void;
}

/** A slider over all versions: the whole page shows the one that is chosen. */
export function TimeTravel({ version, newest, at, onTravel }: TimeTravelProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const latest = useRef(onTravel);
  useEffect(() => {
    latest.current = onTravel;
  });
  useEffect(() => {
    if (chosen === null) return;
    const timer = window.setTimeout(() => {
      latest.current(chosen);
      setChosen(null);
    }, PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [chosen]);
  const shown = chosen ?? version;
  const isPast = version < newest;
  return (
    <section className={isPast ? "card travel past" : "card travel"} aria-label="Time travel">
      <div className="title-row">
        <h2>{isPast ? "You look at the past" : "As it is now"}</h2>
        <p>
          Version {version} of {newest}, since <TimeMark at={at} />
        </p>
      </div>
      <div className="slider">
        <button type="button" disabled={shown <= 1} onClick={() => setChosen(shown - 1)}>
          Earlier
        </button>
        <label>
          <span className="unseen">Version</span>
          <input
            type="range"
            min={1}
            max={newest}
            value={shown}
            onChange={({ target }) => setChosen(Number(target.value))}
          />
        </label>
        <button type="button" disabled={shown >= newest} onClick={() => setChosen(shown + 1)}>
          Later
        </button>
        <button type="button" disabled={!isPast} onClick={() => setChosen(newest)}>
          Now
        </button>
      </div>
    </section>
  );
}
