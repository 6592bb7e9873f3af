/**
 * One walk: two orders over two products, people who do anything at any time, a reactor that dies
 * between two reactions and handles old events again, a provider that is heard late or not at all,
 * timers that fire early, late and twice. Then people stop, the rest runs to its end by itself, and
 * everything must be at rest and add up.
 */
import { orderIdOf, orderNumberOf, productIdOf } from "../../../machines/index.ts";
import type { EntityState, OrderContext, ProductContext } from "../../../machines/index.ts";
import { candidate, createOrder, createProduct, staff } from "../samples.ts";
import { checkQuiet, checkStep } from "./invariants.ts";
import { SKUS, orderWish, productWish, retryRefund } from "./people.ts";
import { createProvider } from "./provider.ts";
import type { Provider } from "./provider.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

/** More than any walk needs to come to rest; a walk that needs more goes round in circles. */
const ROUNDS_MAX = 5_000;

const PAUSES_MS = [1_000, 1_000, 10_000, 60_000, 60_000, 60_000, 300_000, 3_600_000];

type Entity = World["entities"] extends ReadonlyMap<string, infer One> ? One : never;

/** Takes the walk of a seed to its end. Throws what is wrong, with the history of the walk. */
export function walk(seed: number, stepsMax = 160): World {
  const random = createRandom(seed);
  const isKind = random.chance(50);
  const provider = createProvider(random, isKind ? 90 : 60);
  const log: { readonly aggregate: string; readonly event: object }[] = [];
  const world = createWorld(provider, (entity, step) => {
    log.push({ aggregate: entity.aggregate, event: step.event });
    checkStep(entity, step);
  });
  try {
    begin(world, { random, onHands: isKind ? [5, 9] : [0, 1, 2, 4] });
    const steps = 20 + random.below(stepsMax);
    for (let step = 0; step < steps; step += 1)
      doAnything(world, { provider, random, step, isKind });
    provider.behave();
    comeToRest(world, provider, random);
    checkQuiet(world, provider);
  } catch (cause) {
    const history = log.map((entry) => JSON.stringify(entry)).join("\n");
    throw new Error(`walk ${seed}: ${(cause as Error).message}\n${history}`, { cause });
  }
  return world;
}

function begin(
  world: World,
  { random, onHands }: { random: Random; onHands: readonly number[] },
): void {
  for (const sku of SKUS) {
    const { type, data } = createProduct(random.pick(onHands));
    const entityId = productIdOf(sku);
    const target = { aggregate: "product", entityId, by: staff } as const;
    world.send({ commandId: `create/${sku}`, ...target, type, data: { ...data, sku } });
    world.send({ commandId: `publish/${sku}`, ...target, type: "PublishProduct", data: {} });
  }
  for (const name of ["first", "second"]) {
    const orderNumber = orderNumberOf(`${name}/${random.below(1 << 30)}`);
    const skus = random.pick([["A"], ["A", "B"], ["B", "A"], ["B"]]);
    const { type, data, by } = createOrder(skus);
    const lines = skus.map((sku) => ({
      ...candidate(sku),
      lineId: lineIdOfWalk(name, sku),
    }));
    const items = skus.map((sku) => ({ sku, quantity: 1 + random.below(2) }));
    const capture = random.pick(["AT_ONCE", "ON_SHIPMENT"]);
    const policy = { ...policyOf(data), capture, attemptsMax: 2 };
    const given = { ...data, orderNumber, lines, items, policy };
    const entityId = orderIdOf(orderNumber);
    world.send({
      commandId: `create/${name}`,
      aggregate: "order",
      entityId,
      type,
      data: given,
      by,
    });
  }
}

function policyOf(_data: object) {
  const minute = 60_000;
  return {
    reservationTtlMs: 15 * minute,
    paymentActionTtlMs: 10 * minute,
    authorisationTtlMs: 120 * minute,
    lookupDelayMs: minute,
  };
}

function lineIdOfWalk(name: string, sku: string): string {
  const index = (name === "first" ? 0 : 8) + sku.charCodeAt(0);
  return `10000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}

interface Means {
  readonly provider: Provider;
  readonly random: Random;
  readonly step: number;
  /** Half of the walks meet patient people, full shelves and cards that work: they get further. */
  readonly isKind: boolean;
}

function doAnything(world: World, { provider, random, step, isKind }: Means): void {
  const entities = [...world.entities.values()];
  const entity = random.pick(entities);
  const roll = random.below(100);
  if (roll < 18) {
    wishUntilHeard(world, entity, { random, step, isKind });
  } else if (roll < 75) {
    for (const one of entities.filter(hasNews)) {
      const crashAt = random.chance(15) ? random.below(3) : undefined;
      if (random.chance(70)) world.react(one, crashAt);
    }
  } else if (roll < 82) {
    if (entity.reacted > 0) world.redeliver(entity, 1 + random.below(entity.reacted));
  } else if (roll < 86) {
    const asked = entity.events.flatMap(({ type }, index) =>
      /^(Payment|Refund).*Requested$/.test(type) ? [index + 1] : [],
    );
    if (asked.length > 0) world.webhook(entity, random.pick(asked));
  } else if (roll < 90) {
    provider.deliverLate();
  } else if (roll < 92) {
    provider.actOn(60);
  } else if (roll < 97) {
    const timers = [...entity.timers.values()];
    if (timers.length > 0) world.fire(entity, random.pick(timers));
  } else {
    world.clock.now += random.pick(isKind ? PAUSES_MS.slice(0, -2) : PAUSES_MS);
  }
}

/** People try something else when they are refused, a few times. */
function wishUntilHeard(
  world: World,
  entity: Entity,
  { random, step, isKind }: Omit<Means, "provider">,
): void {
  const { aggregate, id: entityId } = entity;
  if (aggregate === "product" && random.chance(70)) return;
  for (let wishes = 0; wishes < 4; wishes += 1) {
    const wish =
      aggregate === "order"
        ? orderWish(entity.state as EntityState<OrderContext>, random)
        : productWish(entity.state as EntityState<ProductContext>, random);
    if (isKind && isHarsh(wish.type) && random.chance(90)) continue;
    const commandId = `wish/${step}/${wishes}`;
    if (world.send({ ...wish, commandId, aggregate, entityId }).kind === "accepted") return;
  }
}

function isHarsh(type: string): boolean {
  return type === "CancelOrder" || type === "DiscontinueProduct" || type === "SetStock";
}

function hasNews({ reacted, events }: Entity): boolean {
  return reacted < events.length;
}

function comeToRest(world: World, provider: Provider, random: Random): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const entities = [...world.entities.values()];
    const news = entities.filter(hasNews);
    if (news.length > 0) {
      world.react(random.pick(news));
      continue;
    }
    if (!wakeNext(world, entities, round)) return;
    if (random.chance(50)) provider.actOn(50);
  }
  throw new Error("does not come to rest");
}

/** The next deadline in time, else an operator who looks after a failed refund. */
function wakeNext(world: World, entities: readonly Entity[], round: number): boolean {
  const waiting = entities
    .flatMap((entity) => world.standing(entity).map((timer) => ({ entity, timer })))
    .filter(({ entity, timer }) => !entity.fired.has(timer.timerId))
    .sort((a, b) => (a.timer.dueAt < b.timer.dueAt ? -1 : 1));
  const [next] = waiting;
  if (next !== undefined) {
    world.clock.now = Math.max(world.clock.now, Date.parse(next.timer.dueAt));
    world.fire(next.entity, next.timer);
    return true;
  }
  return entities.some((entity) => {
    const { aggregate, id: entityId } = entity;
    if (aggregate !== "order") return false;
    const wish = retryRefund(entity.state as EntityState<OrderContext>);
    if (wish === null) return false;
    const answer = world.send({ ...wish, commandId: `retry/${round}`, aggregate, entityId });
    return answer.kind === "accepted";
  });
}
