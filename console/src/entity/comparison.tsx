import { useState, type ReactNode } from "react";
import { DiffTable } from "./diff-table.tsx";
import { VersionPair } from "./version-pair.tsx";
import { orderDiffDocument, productDiffDocument } from "../generated/documents.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";

interface ComparisonProps {
  readonly entity: "order" | "product";
  readonly id: string;
  readonly version: number;
  readonly newest: number;
  /** What is said in words before every field that differs is listed. */
  readonly summary?: (pair: { readonly from: number; readonly to: number }) => ReactNode;
}

/** What differs between two versions; at first, what the last step of the shown one has changed. */
export function Comparison({ entity, id, version, newest, summary }: ComparisonProps) {
  const [chosen, setChosen] = useState<{ from: number; to: number } | null>(null);
  const pair = chosen ?? { from: Math.max(1, version - 1), to: version };
  const asked = { id, ...pair };
  const order = useQuery(orderDiffDocument, entity === "order" ? asked : null);
  const product = useQuery(productDiffDocument, entity === "product" ? asked : null);
  const changes = order.data?.orderDiff ?? product.data?.productDiff ?? null;
  return (
    <section className="card wide" aria-labelledby="comparison">
      <h2 id="comparison">
        What changed between version {pair.from} and version {pair.to}
      </h2>
      <VersionPair newest={newest} {...pair} onChoose={setChosen} />
      <Problem error={order.error ?? product.error} />
      {summary?.(pair)}
      {changes && <h3>Every field that differs</h3>}
      {changes && <DiffTable changes={changes} {...pair} />}
    </section>
  );
}
