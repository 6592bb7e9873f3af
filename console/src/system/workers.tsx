import type { ReactNode } from "react";
import { lagText } from "./projectors.tsx";
import type { Status } from "./status.ts";

/** What works in the background of this process: relay, reactor and timers. */
export function Workers({ status: { relay, reactor, timers } }: { readonly status: Status }) {
  const count = (value: number): string => value.toLocaleString("en-GB");
  return (
    <section className="system">
      <h2>Workers</h2>
      <table className="table">
        <caption className="unseen">Workers</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Figures</th>
          </tr>
        </thead>
        <tbody>
          <Worker name="relay" state={relay.state}>
            lag {lagText(relay.lagMs)}, {count(relay.published)} events published since the start,
            last sequence {count(relay.lastSequence)}
          </Worker>
          <Worker name="reactor" state={activeText(reactor.isActive)}>
            {count(reactor.open)} open, {count(reactor.bugs)} wrong answers,{" "}
            {reactor.isCaughtUp ? "caught up" : "not caught up"}
          </Worker>
          <Worker name="timers" state={activeText(timers.isActive)}>
            {count(timers.fired)} fired since the start
          </Worker>
        </tbody>
      </table>
    </section>
  );
}

/** One process of several does the work; the others stand by. */
function activeText(isActive: boolean): string {
  return isActive ? "active here" : "stands by";
}

interface WorkerProps {
  readonly name: string;
  readonly state: string;
  readonly children: ReactNode;
}

function Worker({ name, state, children }: WorkerProps) {
  return (
    <tr data-worker={name}>
      <td data-label="Name">{name}</td>
      <td data-label="State">{state}</td>
      <td data-label="Figures">
        <span>{children}</span>
      </td>
    </tr>
  );
}
