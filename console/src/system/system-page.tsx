import { useState } from "react";
import { systemDocument, systemFeedDocument } from "../generated/documents.ts";
import { useFeed } from "../graphql/use-feed.ts";
import { useQuery } from "../graphql/use-query.ts";
import { Problem } from "../layout/problem.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { Projectors } from "./projectors.tsx";
import { RatePlot } from "./rate-plot.tsx";
import type { Status } from "./status.ts";
import { Workers } from "./workers.tsx";
import "./system.css";

/** So many seconds of rates are drawn. */
const SECONDS_SHOWN = 120;

/** How the process that answers is doing, second by second, and what it had to park. */
export function SystemPage() {
  const [recent, setRecent] = useState<readonly Status[]>([]);
  const { data, error, isLoading } = useQuery(systemDocument, {});
  useFeed({
    document: systemFeedDocument,
    variables: {},
    onItems: (items) => {
      const fresh = items.map(({ systemFeed }) => systemFeed);
      setRecent((before) => [...before, ...fresh].slice(-SECONDS_SHOWN));
    },
  });
  const status = recent.at(-1) ?? data?.system;
  return (
    <>
      <div className="title-row">
        <h1>System</h1>
        {status && <Health status={status} />}
      </div>
      {status === undefined && <Problem error={error} />}
      {status === undefined && isLoading && <p className="loading">Loading</p>}
      {status && (
        <>
          <div className="halves">
            <RatePlot
              title="Commands answered a second"
              values={recent.map(({ commandsPerSecond }) => commandsPerSecond)}
              now={status.commandsPerSecond}
            />
            <RatePlot
              title="Events published a second"
              values={recent.map(({ eventsPerSecond }) => eventsPerSecond)}
              now={status.eventsPerSecond}
            />
          </div>
          <Projectors projectors={status.projectors} />
          <DeadLetters count={status.deadLetterCount} />
          <Workers status={status} />
          <Facts status={status} />
        </>
      )}
    </>
  );
}

function Health({ status: { isReady, mongodb, jetstream } }: { readonly status: Status }) {
  const away = [mongodb ? [] : ["MongoDB"], jetstream ? [] : ["JetStream"]].flat();
  return (
    <>
      <span className={`status ${isReady ? "good" : "bad"}`} data-ready={isReady}>
        {isReady ? "ready" : "not ready"}
      </span>
      <p className="dim">
        {away.length === 0
          ? "MongoDB and JetStream answer."
          : `${away.join(" and ")} ${away.length === 1 ? "does" : "do"} not answer.`}
      </p>
    </>
  );
}

function Facts({ status: { sockets, subscriptions, versions } }: { readonly status: Status }) {
  const facts: readonly (readonly [string, string | number])[] = [
    ["Sockets", sockets],
    ["Subscriptions", subscriptions],
    ["Statecart", versions.statecart],
    ["Statecharts", versions.machines],
    ["Node", versions.node],
    ["MongoDB", versions.mongodb ?? "does not tell"],
    ["NATS", versions.nats ?? "does not tell"],
  ];
  return (
    <section className="system">
      <h2>Watchers and versions</h2>
      <dl className="process-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-fact={name}>
              {typeof value === "number" ? value.toLocaleString("en-GB") : value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
