import { ChartSection } from "../chart/chart-section.tsx";
import { Comparison } from "../entity/comparison.tsx";
import { HistorySection } from "../entity/history-section.tsx";
import { Missing } from "../entity/missing.tsx";
import { TimeTravel } from "../entity/time-travel.tsx";
import { useEntity } from "../entity/use-entity.ts";
import { StatusMark } from "../format/status-mark.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import { productDocument, productHistoryDocument } from "../generated/documents.ts";
import type { ProductHistoryResult, ProductResult } from "../generated/documents.ts";
import { Problem } from "../layout/problem.tsx";
import { useTitle } from "../routing/use-title.ts";
import { FollowProduct } from "./follow-product.tsx";
import { ProductFacts } from "./product-facts.tsx";
import type { ProductView } from "./product-query.ts";
import "../entity/entity.css";

const sources = {
  document: productDocument,
  viewOf: ({ product }: ProductResult) => product,
  historyDocument: productHistoryDocument,
  historyOf: ({ productHistory }: ProductHistoryResult) => productHistory,
};

/** Everything about one product, now or at any version before. */
export function ProductPage({ id }: { readonly id: string }) {
  const entity = useEntity(id, sources);
  useTitle(entity.kind === "shown" ? entity.newest.name : "Product");
  if (entity.kind === "missing") return <Missing entity="product" id={id} />;
  if (entity.kind === "loading") {
    return entity.error ? <Problem error={entity.error} /> : <p className="loading">Loading</p>;
  }
  const { newest, shown, isPast } = entity;
  return (
    <>
      <FollowProduct sku={newest.sku} onChange={entity.told} onGap={entity.reload} />
      <ProductHeading product={shown} />
      <Problem error={entity.error} />
      <TimeTravel {...entity.timeTravel} />
      <div className="sections">
        <div className="column">
          <ProductFacts shown={shown} now={newest} onDone={entity.onDone} />
        </div>
        <HistorySection entity="product" {...entity.timeline} />
        <ChartSection of="PRODUCT" view={shown} isPast={isPast} />
        <Comparison entity="product" id={id} version={shown.version} newest={newest.version} />
      </div>
    </>
  );
}

function ProductHeading({ product }: { readonly product: ProductView }) {
  return (
    <div className="title-row">
      <h1>
        {product.name} <span className="key">{product.sku}</span>
      </h1>
      <StatusMark status={product.status} />
      <p className="dim">
        created <TimeMark at={product.createdAt} />, last change <TimeMark at={product.updatedAt} />
      </p>
    </div>
  );
}
