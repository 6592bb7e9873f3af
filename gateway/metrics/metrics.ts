import { Counter, Histogram, Registry } from "prom-client";
import type { CommandOutcome } from "../../actors/index.ts";
import { processMetrics } from "./process-metrics.ts";
import { createReadings } from "./readings.ts";
import type { Reading } from "./readings.ts";

/** Seconds; the last one is the time that an operation has at most. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20];

/** Which operation has ended, and how; all of it is bounded by the schema and by our codes. */
export interface OperationLabels {
  /** `query`, `mutation`, `subscription`, or `none` where the request named no operation. */
  readonly type: string;
  /** The root field, `several` or `none`. */
  readonly field: string;
  /** `OK`, or the code of its first error or of its refused command. */
  readonly outcome: string;
}

/** What one gateway and its bus have done since the start of the process. */
export interface Metrics {
  /** `seconds` is null where it is no latency, as the life of a subscription. */
  operationEnded(labels: OperationLabels, seconds: number | null): void;
  /** An answer over HTTP, whatever was asked for. */
  requestEnded(labels: { readonly route: string; readonly status: number }, seconds: number): void;
  commandEnded(command: string, outcome: CommandOutcome, seconds: number): void;
  /** How many commands were answered, however. */
  commandsAnswered(): number;
  /** A live event is written for all readers of one shared execution, so long after its command. */
  eventShown(seconds: number): void;
  /** Everything in the text format of Prometheus, with how things are just now. */
  page(reading: Reading): Promise<string>;
}

/** Metrics with a registry of their own, all at nothing. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const readings = createReadings(registry);
  const { operations, operationSeconds, requests, commands, commandSeconds, events, delay } =
    instruments(registry);
  let answered = 0;

  return {
    operationEnded(labels, seconds) {
      operations.inc({ ...labels });
      if (seconds !== null) operationSeconds.observe({ field: labels.field }, seconds);
    },
    requestEnded: (labels, seconds) => requests.observe({ ...labels }, seconds),
    commandsAnswered: () => answered,
    commandEnded(command, outcome, seconds) {
      answered += 1;
      commands.inc({ command, ...outcomeOf(outcome) });
      commandSeconds.observe(seconds);
      if (outcome.kind !== "accepted" || outcome.repeated) return;
      for (const { type } of outcome.events) events.inc({ event: type });
    },
    eventShown: (seconds) => delay.observe(seconds),
    async page(reading) {
      readings.take(reading);
      const parts = await Promise.all([registry.metrics(), processMetrics().metrics()]);
      return parts.join("\n");
    },
  };
}

/** What is counted as it happens, under labels. */
function instruments(registry: Registry) {
  const registers = [registry];
  const buckets = DURATION_BUCKETS_S;
  return {
    operations: new Counter({
      name: "statecart_operations_total",
      help: "GraphQL operations that have ended, by how.",
      labelNames: ["type", "field", "outcome"],
      registers,
    }),
    operationSeconds: new Histogram({
      name: "statecart_operation_duration_seconds",
      help: "How long queries and mutations took.",
      labelNames: ["field"],
      buckets,
      registers,
    }),
    requests: new Histogram({
      name: "statecart_http_request_duration_seconds",
      help: "How long requests over HTTP took.",
      labelNames: ["route", "status"],
      buckets,
      registers,
    }),
    commands: new Counter({
      name: "statecart_commands_total",
      help: "Commands that were answered here, whoever sent them, by how.",
      labelNames: ["command", "outcome", "code"],
      registers,
    }),
    commandSeconds: new Histogram({
      name: "statecart_command_duration_seconds",
      help: "How long commands took to their proved answer.",
      buckets,
      registers,
    }),
    events: new Counter({
      name: "statecart_events_total",
      help: "Events that the commands of this process have added to the log.",
      labelNames: ["event"],
      registers,
    }),
    delay: new Histogram({
      name: "statecart_live_delay_seconds",
      help: "From a command's moment to its event's way to sockets, once per shared execution.",
      buckets,
      registers,
    }),
  };
}

function outcomeOf(outcome: CommandOutcome): { readonly outcome: string; readonly code: string } {
  switch (outcome.kind) {
    case "accepted":
      return { outcome: outcome.repeated ? "repeated" : "accepted", code: "" };
    case "unchanged":
      return { outcome: "unchanged", code: "" };
    case "refused":
      return { outcome: "refused", code: outcome.refusal.code };
    case "failed":
      return { outcome: "failed", code: outcome.code };
  }
}
