interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

interface PagerProps {
  readonly info: PageInfo;
  readonly onTurn: (place: {
    readonly after: string | null;
    readonly before: string | null;
  }) => void;
}

/** Turns the pages of a list. */
export function Pager({ info, onTurn }: PagerProps) {
  return (
    <nav className="pager" aria-label="Pages">
      <button
        type="button"
        disabled={!info.hasPreviousPage}
        onClick={() => onTurn({ after: null, before: null })}
      >
        First page
      </button>
      <button
        type="button"
        disabled={!info.hasPreviousPage}
        onClick={() => onTurn({ after: null, before: info.startCursor })}
      >
        Previous page
      </button>
      <button
        type="button"
        disabled={!info.hasNextPage}
        onClick={() => onTurn({ after: info.endCursor, before: null })}
      >
        Next page
      </button>
    </nav>
  );
}
