import { durationText } from "../format/time.ts";
import type { Status } from "./status.ts";

/** A projector that is further behind is marked. */
const LAG_MARKED_MS = 5_000;

/** How far each projector is behind the log, and what is in its way. */
export function Projectors({ projectors }: { readonly projectors: Status["projectors"] }) {
  return (
    <section className="system">
      <h2>Projectors</h2>
      <table className="table">
        <caption className="unseen">Projectors</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Lag
            </th>
            <th scope="col" className="number">
              Parked
            </th>
          </tr>
        </thead>
        <tbody>
          {projectors.map(({ name, lagMs, isCaughtUp, parkedEntities, failure }) => (
            <tr key={name} data-projector={name}>
              <td data-label="Name">{name}</td>
              <td data-label="State">
                <span className={`status ${failure === null ? "good" : "bad"}`}>
                  {failure !== null ? "tries again" : isCaughtUp ? "caught up" : "catching up"}
                </span>
                {failure !== null && <div>{failure}</div>}
              </td>
              <td data-label="Lag" className={lagMs > LAG_MARKED_MS ? "number late" : "number"}>
                {lagText(lagMs)}
              </td>
              <td data-label="Parked" className="number">
                {parkedEntities.toLocaleString("en-GB")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A lag in words; null is one that nobody knows here. */
export function lagText(ms: number | null): string {
  if (ms === null) return "not known here";
  if (ms === 0) return "none";
  return ms < 1_000 ? `${String(ms)} ms` : durationText(ms);
}
