import { timeText } from "./time.ts";

/** A moment, with its exact time for whoever asks the element. */
export function TimeMark({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {timeText(at)}
    </time>
  );
}
