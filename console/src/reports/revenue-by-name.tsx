import type { RevenueResult } from "../generated/documents.ts";
import { ShareBar } from "../plots/share-bar.tsx";
import { RevenueCells, RevenueHeads } from "./revenue-cells.tsx";

type Amounts = RevenueResult["revenueReport"]["total"];

interface RevenueByNameProps {
  readonly title: string;
  readonly rows: readonly (Amounts & { readonly name: string })[];
}

/** The hundred with the highest gross, a bar for what each has earned in the end. */
export function RevenueByName({ title, rows }: RevenueByNameProps) {
  const highest = Math.max(...rows.map(({ net }) => net.minor));
  return (
    <section>
      <h3>{title}</h3>
      <div className="rows" role="region" aria-label={title} tabIndex={0}>
        <table className="table">
          <caption className="unseen">Revenue {title.toLowerCase()}</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Share of net</th>
              <RevenueHeads />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, ...amounts }) => (
              <tr key={name}>
                <td data-label="Name">{name}</td>
                <td className="bar-cell">
                  <ShareBar value={amounts.net.minor} of={highest} />
                </td>
                <RevenueCells {...amounts} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
