import "./plots.css";

interface ShareBarProps {
  readonly value: number;
  /** The value whose bar is as long as there is room. */
  readonly of: number;
}

/** A bar in a row of a table; the number stands beside it, so nobody is told of the bar. */
export function ShareBar({ value, of }: ShareBarProps) {
  const share = of > 0 ? Math.min(1, Math.max(0, value / of)) : 0;
  return (
    <svg className="share-bar" aria-hidden="true" height="12">
      <rect width={`${String(share * 100)}%`} height="12" rx="2" />
    </svg>
  );
}
