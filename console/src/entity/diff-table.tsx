interface Change {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface DiffTableProps {
  readonly changes: readonly Change[];
  readonly from: number;
  readonly to: number;
}

/** Every field that differs between two versions, as it was and as it is. */
export function DiffTable({ changes, from, to }: DiffTableProps) {
  if (changes.length === 0) return <p>Nothing differs.</p>;
  return (
    <table className="table diff">
      <caption className="unseen">
        What differs between version {from} and version {to}
      </caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before, at version {from}</th>
          <th scope="col">After, at version {to}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <td data-label="Field" className="key">
              {path}
            </td>
            <td data-label="Before">
              <code>{textOf(before)}</code>
            </td>
            <td data-label="After">
              <code>{textOf(after)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
