import { ChartSection } from "../chart/chart-section.tsx";
import { Comparison } from "../entity/comparison.tsx";
import { HistorySection } from "../entity/history-section.tsx";
import { Missing } from "../entity/missing.tsx";
import { TimeTravel } from "../entity/time-travel.tsx";
import { useEntity } from "../entity/use-entity.ts";
import { StatusMark } from "../format/status-mark.tsx";
import { TimeMark } from "../format/time-mark.tsx";
import { orderDocument, orderHistoryDocument } from "../generated/documents.ts";
import type { OrderHistoryResult, OrderResult } from "../generated/documents.ts";
import { Problem } from "../layout/problem.tsx";
import { useTitle } from "../routing/use-title.ts";
import { FollowOrder } from "./follow-order.tsx";
import { OrderFacts } from "./order-facts.tsx";
import { OrderLines } from "./order-lines.tsx";
import type { OrderView } from "./order-query.ts";
import { OrderSummaryDiff } from "./order-summary-diff.tsx";
import "../entity/entity.css";

const sources = {
  document: orderDocument,
  viewOf: ({ order }: OrderResult) => order,
  historyDocument: orderHistoryDocument,
  historyOf: ({ orderHistory }: OrderHistoryResult) => orderHistory,
};

/** Everything about one order, now or at any version before. */
export function OrderPage({ id }: { readonly id: string }) {
  const entity = useEntity(id, sources);
  useTitle(`Order ${entity.kind === "shown" ? entity.newest.number : ""}`);
  if (entity.kind === "missing") return <Missing entity="order" id={id} />;
  if (entity.kind === "loading") {
    return entity.error ? <Problem error={entity.error} /> : <p className="loading">Loading</p>;
  }
  const { newest, shown, isPast } = entity;
  return (
    <>
      <FollowOrder
        id={id}
        customerId={newest.customerId}
        onChange={entity.told}
        onGap={entity.reload}
      />
      <OrderHeading order={shown} />
      <Problem error={entity.error} />
      <TimeTravel {...entity.timeTravel} />
      <div className="sections">
        <div className="column">
          <OrderFacts shown={shown} now={newest} onDone={entity.onDone} />
        </div>
        <HistorySection entity="order" {...entity.timeline} />
        <section className="card wide" aria-labelledby="lines">
          <h2 id="lines">Lines and quantities</h2>
          <OrderLines lines={shown.lines} />
        </section>
        <ChartSection of="ORDER" view={shown} isPast={isPast} />
        <OrderComparison id={id} version={shown.version} newest={newest.version} />
      </div>
    </>
  );
}

function OrderHeading({ order }: { readonly order: OrderView }) {
  return (
    <div className="title-row">
      <h1>
        Order <span className="key">{order.number}</span>
      </h1>
      <StatusMark status={order.status} />
      <p className="dim">
        placed <TimeMark at={order.createdAt} />, last change <TimeMark at={order.updatedAt} />
      </p>
    </div>
  );
}

interface OrderComparisonProps {
  readonly id: string;
  readonly version: number;
  readonly newest: number;
}

function OrderComparison(props: OrderComparisonProps) {
  const summary = (pair: { readonly from: number; readonly to: number }) => (
    <OrderSummaryDiff id={props.id} {...pair} />
  );
  return <Comparison entity="order" {...props} summary={summary} />;
}
