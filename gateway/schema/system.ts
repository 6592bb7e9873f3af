import { setTimeout as delay } from "node:timers/promises";
import { requestOf, subscriptionOf } from "../context.ts";
import type { OperationContext } from "../context.ts";
import { GatewayError } from "../errors.ts";
import type {
  DeadLetterFacts,
  ProjectorHealth,
  SystemDesk,
  SystemStatus,
  SystemVersions,
} from "../system.ts";
import { builder } from "./builder.ts";
import { open } from "./root-access.ts";

const FEED_INTERVAL_MS = 1_000;
const staff = open("operator", "service");

const projectorType = builder.objectRef<ProjectorHealth>("ProjectorHealth").implement({
  description: "How one projector is doing.",
  fields: (t) => ({
    name: t.exposeString("name"),
    lagMs: t.field({
      type: "SafeInt",
      description: "For how long (ms) commits may be missing from its rows; 0 = none is.",
      resolve: ({ lagMs }) => lagMs,
    }),
    isCaughtUp: t.exposeBoolean("isCaughtUp"),
    parkedEntities: t.exposeInt("parkedEntities"),
    failure: t.exposeString("failure", {
      nullable: true,
      description: "Why it is waiting to try again; null when it runs.",
    }),
  }),
});

const relayType = builder.objectRef<SystemStatus["relay"]>("RelayHealth").implement({
  description: "Who carries events into JetStream.",
  fields: (t) => ({
    state: t.exposeString("state"),
    lagMs: t.field({
      type: "SafeInt",
      nullable: true,
      description: "How old the last published commit is while there are more; null = not known.",
      resolve: ({ lagMs }) => lagMs ?? null,
    }),
    published: t.field({
      type: "SafeInt",
      description: "Events since the start of this process.",
      resolve: ({ published }) => published,
    }),
    lastSequence: t.field({ type: "SafeInt", resolve: ({ lastSequence }) => lastSequence }),
  }),
});

const reactorType = builder.objectRef<SystemStatus["reactor"]>("ReactorHealth").implement({
  description: "Who sends the commands and calls that events ask for.",
  fields: (t) => ({
    isActive: t.exposeBoolean("isActive", {
      description: "Whether this process is the one that does.",
    }),
    isCaughtUp: t.exposeBoolean("isCaughtUp"),
    open: t.exposeInt("open", { description: "Asked for and not answered yet." }),
    bugs: t.exposeInt("bugs", {
      description: "Answers that must not be, and events that cannot be read; each is in the log.",
    }),
  }),
});

const timersType = builder.objectRef<SystemStatus["timers"]>("TimersHealth").implement({
  description: "Who sends the commands whose moment has come.",
  fields: (t) => ({ isActive: t.exposeBoolean("isActive"), fired: t.exposeInt("fired") }),
});

const versionsType = builder.objectRef<SystemVersions>("SystemVersions").implement({
  description: "What runs; null where it does not tell.",
  fields: (t) => ({
    statecart: t.exposeString("statecart"),
    node: t.exposeString("node"),
    mongodb: t.exposeString("mongodb", { nullable: true }),
    nats: t.exposeString("nats", { nullable: true }),
    machines: t.exposeString("machines", {
      description: "Tells statecharts of one state of the code from those of another.",
    }),
  }),
});

const systemType = builder.objectRef<SystemStatus>("System").implement({
  description: "How this process is doing.",
  fields: (t) => ({
    at: t.field({ type: "DateTime", resolve: ({ at }) => at }),
    isReady: t.exposeBoolean("isReady", { description: "What /readyz says." }),
    mongodb: t.exposeBoolean("mongodb", { description: "Whether it answered just now." }),
    jetstream: t.exposeBoolean("jetstream", { description: "Whether it answered just now." }),
    projectors: t.field({ type: [projectorType], resolve: ({ projectors }) => [...projectors] }),
    relay: t.field({ type: relayType, resolve: ({ relay }) => relay }),
    reactor: t.field({ type: reactorType, resolve: ({ reactor }) => reactor }),
    timers: t.field({ type: timersType, resolve: ({ timers }) => timers }),
    deadLetterCount: t.int({
      resolve: ({ projectors }) => projectors.reduce((sum, one) => sum + one.parkedEntities, 0),
    }),
    eventsPerSecond: t.exposeFloat("eventsPerSecond", {
      description: "Events a second that this process carried into JetStream, lately.",
    }),
    commandsPerSecond: t.exposeFloat("commandsPerSecond", {
      description: "Commands a second that this process answered, lately, whoever sent them.",
    }),
    sockets: t.int({
      description: "Sockets that are open.",
      resolve: (_status, _args, { services }) => services.load().sockets,
    }),
    subscriptions: t.int({
      description: "Subscriptions that run.",
      resolve: (_status, _args, { services }) => services.load().subscriptions,
    }),
    versions: t.field({ type: versionsType, resolve: ({ versions }) => versions }),
  }),
});

const deadLetterType = builder.objectRef<DeadLetterFacts>("DeadLetter").implement({
  description: "An order or product that a projection cannot follow any further; others flow.",
  fields: (t) => ({
    projection: t.exposeString("projection"),
    entityId: t.field({ type: "UUID", resolve: ({ stream }) => stream }),
    version: t.exposeInt("version", { description: "The event that cannot be taken." }),
    code: t.exposeString("code"),
    message: t.exposeString("message"),
    parkedAt: t.field({ type: "DateTime", resolve: ({ parkedAt }) => parkedAt.toISOString() }),
  }),
});

builder.queryFields((t) => ({
  system: t.field({
    ...staff,
    type: systemType,
    description: "How this process is doing.",
    resolve: (_source, _args, context) => deskOf(context).status(),
  }),
  deadLetters: t.field({
    ...staff,
    type: [deadLetterType],
    description: "What is parked, at most a thousand of each projection.",
    resolve: async (_source, _args, context) => [...(await deskOf(context).deadLetters())],
  }),
}));

const inputType = builder.inputType("DeadLetterInput", {
  fields: (t) => ({
    projection: t.string({ required: true }),
    entityId: t.field({ type: "UUID", required: true }),
  }),
});

interface Outcome {
  readonly flows: boolean;
  readonly deadLetter: DeadLetterFacts | null;
}

const payloadType = builder.objectRef<Outcome>("DeadLetterPayload").implement({
  description: "What became of a dead letter.",
  fields: (t) => ({
    flows: t.exposeBoolean("flows", { description: "Whether the entity is followed again." }),
    deadLetter: t.field({
      type: deadLetterType,
      nullable: true,
      description: "What is in the way now; null when it flows.",
      resolve: ({ deadLetter }) => deadLetter,
    }),
  }),
});

type Where = typeof inputType.$inferInput;

builder.mutationFields((t) => ({
  retryDeadLetter: t.field({
    ...staff,
    type: payloadType,
    description: "Follows the entity again from its first event, as after a new deployment.",
    args: { input: t.arg({ type: inputType, required: true }) },
    resolve: (_source, { input }, context) =>
      act(input, context, (desk) => desk.retry(input.projection, input.entityId)),
  }),
  skipDeadLetter: t.field({
    ...staff,
    type: payloadType,
    description:
      "Passes over the event that is in the way, for good and in every rebuild: the view shows " +
      "the entity as if it had not happened. The log keeps the event; later ones may not fit.",
    args: { input: t.arg({ type: inputType, required: true }) },
    resolve: (_source, { input }, context) => {
      const { subject } = requestOf(context).caller;
      return act(input, context, (desk) => desk.skip(input.projection, input.entityId, subject));
    },
  }),
}));

async function act(
  { projection, entityId }: Where,
  context: OperationContext,
  work: (desk: SystemDesk) => Promise<boolean>,
): Promise<Outcome> {
  const desk = deskOf(context);
  const find = async () =>
    (await desk.deadLetters()).find(
      (letter) => letter.projection === projection && letter.stream === entityId,
    );
  if ((await find()) === undefined) {
    throw new GatewayError("BAD_USER_INPUT", `${projection} has not parked ${entityId}.`);
  }
  const flows = await work(desk);
  return { flows, deadLetter: flows ? null : ((await find()) ?? null) };
}

builder.subscriptionFields((t) => ({
  systemFeed: t.field({
    ...staff,
    type: systemType,
    description:
      "How this process is doing, once a second. Each item is whole: there is nothing to resume.",
    subscribe: (_source, _args, context) =>
      statuses(deskOf(context), subscriptionOf(context).signal),
    resolve: (item) => item,
  }),
}));

async function* statuses(
  desk: SystemDesk,
  signal: AbortSignal,
): AsyncGenerator<SystemStatus & { readonly kind: "system"; readonly cursor: string }> {
  while (!signal.aborted) {
    const status = await desk.status();
    yield { ...status, kind: "system", cursor: status.at };
    await delay(FEED_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function deskOf({ services }: OperationContext): SystemDesk {
  if (services.system !== null) return services.system;
  throw new GatewayError("UNAVAILABLE", "This process does not tell how it is doing.");
}
