import { Counter, Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { FeedCounts } from "../live/feed-counter.ts";
import type { SocketCounts } from "../live/socket-counts.ts";
import type { SystemStatus } from "../system.ts";
import type { TrafficCounts } from "../traffic/traffic.ts";

/** How things are at one moment; every room counts its own, and nothing is counted twice. */
export interface Reading {
  /** What the query `system` tells; null where nobody tells. */
  readonly status: SystemStatus | null;
  readonly sockets: SocketCounts;
  readonly feeds: FeedCounts;
  readonly refused: TrafficCounts;
}

/** A value under each label; null and nothing where it is not known. */
type Values = number | null | Readonly<Record<string, number>>;

interface Definition {
  readonly name: string;
  readonly help: string;
  /** Names what tells the values apart; none where there is one. */
  readonly label?: string;
  readonly read: (reading: Reading) => Values;
}

const MS_PER_S = 1_000;
const one = (flag: boolean | undefined): number | null =>
  flag === undefined ? null : Number(flag);

/** A value of each projector. */
const each =
  (value: (projector: SystemStatus["projectors"][number]) => number) =>
  ({ status }: Reading): Values =>
    Object.fromEntries((status?.projectors ?? []).map((item) => [item.name, value(item)]));

const projector = (name: string, help: string, value: Parameters<typeof each>[0]): Definition => ({
  name: `statecart_${name}`,
  help,
  label: "projection",
  read: each(value),
});

const gauges: readonly Definition[] = [
  {
    name: "statecart_ready",
    help: "1 while /readyz says yes for what it depends on.",
    read: ({ status }) => one(status?.isReady),
  },
  {
    name: "statecart_mongodb_up",
    help: "1 if MongoDB answered just now.",
    read: ({ status }) => one(status?.mongodb),
  },
  {
    name: "statecart_jetstream_up",
    help: "1 if JetStream answered just now.",
    read: ({ status }) => one(status?.jetstream),
  },
  projector(
    "projection_lag_seconds",
    "For how long commits may be missing from the rows; 0 = none is.",
    ({ lagMs }) => lagMs / MS_PER_S,
  ),
  projector("projection_caught_up", "1 if the last batch reached the log's end.", (item) =>
    Number(item.isCaughtUp),
  ),
  projector("projection_failed", "1 while a projector waits to try again.", ({ failure }) =>
    Number(failure !== null),
  ),
  projector("dead_letters", "Orders or products that a projection has parked.", (item) => {
    return item.parkedEntities;
  }),
  {
    name: "statecart_relay_lag_seconds",
    help: "How old the last published commit is while there are more; absent if not known here.",
    read: ({ status }) => {
      const lagMs = status?.relay.lagMs;
      return lagMs === undefined ? null : lagMs / MS_PER_S;
    },
  },
  {
    name: "statecart_relay_state",
    help: "1 for what the relay of this process does.",
    label: "state",
    read: ({ status }) => (status === null ? null : { [status.relay.state]: 1 }),
  },
  {
    name: "statecart_stream_last_sequence",
    help: "The last sequence of EVT that this relay has proved.",
    read: ({ status }) => status?.relay.lastSequence ?? null,
  },
  {
    name: "statecart_reactor_active",
    help: "1 in the process whose reactor acts.",
    read: ({ status }) => one(status?.reactor.isActive),
  },
  {
    name: "statecart_reactor_open",
    help: "Commands and calls that events ask for and that are not answered yet.",
    read: ({ status }) => status?.reactor.open ?? null,
  },
  {
    name: "statecart_timers_active",
    help: "1 in the process that fires timers.",
    read: ({ status }) => one(status?.timers.isActive),
  },
  {
    name: "statecart_sockets",
    help: "Sockets that are open.",
    read: ({ sockets }) => sockets.open,
  },
  {
    name: "statecart_subscriptions",
    help: "Subscriptions that run.",
    read: ({ feeds }) => feeds.readers,
  },
  {
    name: "statecart_shared_executions",
    help: "Executions that subscriptions share.",
    read: ({ feeds }) => feeds.executions,
  },
];

const counters: readonly Definition[] = [
  {
    name: "statecart_events_published_total",
    help: "Events that this process has carried into JetStream.",
    read: ({ status }) => status?.relay.published ?? null,
  },
  {
    name: "statecart_reactor_bugs_total",
    help: "Answers that must not be, and events that cannot be read; each is in the log.",
    read: ({ status }) => status?.reactor.bugs ?? null,
  },
  {
    name: "statecart_timers_fired_total",
    help: "Commands that this process sent because their moment had come.",
    read: ({ status }) => status?.timers.fired ?? null,
  },
  {
    name: "statecart_live_messages_total",
    help: "Items of subscriptions that were written to sockets.",
    read: ({ feeds }) => feeds.messages,
  },
  {
    name: "statecart_feed_resets_total",
    help: "Readers who were told that their feed starts over, by why.",
    label: "reason",
    read: ({ feeds }) => feeds.resets,
  },
  {
    name: "statecart_sockets_cut_total",
    help: "Sockets that were cut off, by why.",
    label: "reason",
    read: ({ sockets }) => ({ ...sockets.cut }),
  },
  {
    name: "statecart_rate_limited_total",
    help: "What was refused because somebody asked for too much, by what ran out.",
    label: "limit",
    read: ({ refused }) => ({ ...refused }),
  },
];

/** Registers everything above; `take` sets it, for the page that is made next. */
export function createReadings(registry: Registry): { take(reading: Reading): void } {
  const registers = [registry];
  const made = [
    ...gauges.map((definition) => {
      const gauge = new Gauge({ ...frameOf(definition), registers });
      return { definition, metric: gauge, add: gauge.set.bind(gauge) };
    }),
    ...counters.map((definition) => {
      const counter = new Counter({ ...frameOf(definition), registers });
      return { definition, metric: counter, add: counter.inc.bind(counter) };
    }),
  ];
  return {
    take(reading) {
      for (const { definition, metric, add } of made) {
        const { label, read } = definition;
        const values = read(reading);
        metric.reset();
        // Without labels there is always a value, 0 after a reset, until it is removed.
        if (label === undefined) metric.remove();
        if (typeof values === "number") add({}, values);
        else if (label !== undefined) {
          for (const [key, value] of Object.entries(values ?? {})) add({ [label]: key }, value);
        }
      }
    },
  };
}

function frameOf({ name, help, label }: Definition) {
  return { name, help, labelNames: label === undefined ? [] : [label] };
}
