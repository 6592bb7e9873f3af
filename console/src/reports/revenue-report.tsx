import type { RevenueResult } from "../generated/documents.ts";
import type { Loaded } from "../graphql/use-query.ts";
import { moneyText } from "../format/money.ts";
import { Problem } from "../layout/problem.tsx";
import type { ReportsSearch } from "./reports-search.ts";
import { RevenueByName } from "./revenue-by-name.tsx";
import { RevenueOverTime } from "./revenue-over-time.tsx";

interface RevenueReportProps {
  readonly chosen: ReportsSearch;
  readonly loaded: Loaded<RevenueResult>;
}

/** What was captured and paid back, by the moment of each: over time, by product, by category. */
export function RevenueReport({ chosen, loaded }: RevenueReportProps) {
  const { data, error, isLoading } = loaded;
  const report = data?.revenueReport;
  return (
    <section className="report" aria-labelledby="revenue" aria-busy={isLoading}>
      <h2 id="revenue">Revenue</h2>
      <Problem error={error} />
      {report === undefined && isLoading && <p className="loading">Loading</p>}
      {report && (
        <>
          <dl className="totals">
            <Total name="Gross" amount={report.total.gross} />
            <Total name="Refunds" amount={report.total.refunds} />
            <Total name="Net" amount={report.total.net} />
          </dl>
          {report.periods.length === 0 ? (
            <p>Nothing was captured and nothing paid back in this period.</p>
          ) : (
            <>
              <RevenueOverTime chosen={chosen} periods={report.periods} />
              <div className="halves">
                <RevenueByName
                  title="By product"
                  rows={report.byProduct.map(({ sku, ...row }) => ({ name: sku, ...row }))}
                />
                <RevenueByName
                  title="By category"
                  rows={report.byCategory.map(({ category, ...row }) => ({
                    name: category,
                    ...row,
                  }))}
                />
              </div>
            </>
          )}
        </>
      )}
    </section>
  );
}

interface TotalProps {
  readonly name: string;
  readonly amount: { readonly decimal: string; readonly currency: string };
}

function Total({ name, amount }: TotalProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-total={name.toLowerCase()}>{moneyText(amount)}</dd>
    </div>
  );
}
