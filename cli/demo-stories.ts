import type { Item, OrderNow } from "./demo-client.ts";

/** What the people of one story can do. Each throws `CommandRefused` when the shop says no. */
export interface Scene {
  /** Some products in stock, of which the customer takes a few. */
  basket(): Promise<readonly Item[]>;
  /** More of the product that is most nearly sold out than there is. */
  tooMuch(): Promise<readonly Item[]>;
  place(items: readonly Item[]): Promise<OrderNow>;
  /** Pays by a token of the sandbox; null when the payment is declined. */
  pay(order: OrderNow, token: string): Promise<OrderNow | null>;
  customer(order: OrderNow, act: Act): Promise<OrderNow>;
  shop(order: OrderNow, act: Act): Promise<OrderNow>;
  /** Time passes, as it does between two steps of people. */
  pause(): Promise<void>;
}

/** A command on an order, and how it is told in a line. */
export interface Act {
  readonly name: string;
  readonly input?: object;
  readonly told: string;
}

/** What becomes of one order. */
export type Story = (scene: Scene) => Promise<void>;

const ship = (input: object = {}): Act => {
  const number = `DEMO${String(Date.now()).slice(-8)}`;
  return {
    name: "shipOrder",
    input: { tracking: { carrier: "DHL", number }, ...input },
    told: "is sent off",
  };
};
const deliver: Act = { name: "confirmDelivery", told: "has arrived" };

async function paid(scene: Scene, token = "tok_approved"): Promise<OrderNow | null> {
  const order = await scene.place(await scene.basket());
  await scene.pause();
  return scene.pay(order, token);
}

async function delivered(scene: Scene, token?: string): Promise<OrderNow | null> {
  const order = await paid(scene, token);
  if (order === null) return null;
  await scene.pause();
  await scene.shop(order, ship());
  await scene.pause();
  return scene.shop(order, deliver);
}

/** Everything goes well. */
const happy: Story = async (scene) => {
  await delivered(scene);
};

/** The answer of the payment provider is lost on the way. */
const lostAnswer: Story = async (scene) => {
  await delivered(scene, "tok_times_out_but_succeeds");
};

/** One unit is sent ahead of the rest. */
const twoParcels: Story = async (scene) => {
  const order = await paid(scene);
  const [line] = order?.lines ?? [];
  if (order === null || line === undefined) return;
  await scene.pause();
  const first = { lines: [{ lineId: line.id, quantity: 1 }] };
  const after = await scene.shop(order, { ...ship(first), told: "is sent off in part" });
  await scene.pause();
  if (after.status === "PARTIALLY_SHIPPED") await scene.shop(order, ship());
  await scene.pause();
  await scene.shop(order, deliver);
};

/** The first card is declined, the second one is not. */
const secondCard: Story = async (scene) => {
  const order = await scene.place(await scene.basket());
  await scene.pause();
  if ((await scene.pay(order, "tok_declined")) !== null) return;
  await scene.pause();
  if ((await scene.pay(order, "tok_approved")) === null) return;
  await scene.pause();
  await scene.shop(order, ship());
};

/** No card is good, and the customer gives up. */
const noCard: Story = async (scene) => {
  const order = await scene.place(await scene.basket());
  await scene.pause();
  if ((await scene.pay(order, "tok_declined")) !== null) return;
  await scene.pause();
  await scene.customer(order, cancel("no card is taken"));
};

/** The cart is left; its stock comes back when its time is over. */
const leftCart: Story = async (scene) => {
  await scene.place(await scene.basket());
};

const cancel = (note: string): Act => ({
  name: "cancelOrder",
  input: { reason: "CUSTOMER", note },
  told: `is cancelled: ${note}`,
});

/** The customer thinks again after paying. */
const secondThought: Story = async (scene) => {
  const order = await paid(scene);
  if (order === null) return;
  await scene.pause();
  await scene.customer(order, cancel("found it at home"));
};

/** Something looks odd, and turns out to be well. */
const held: Story = async (scene) => {
  const order = await paid(scene);
  if (order === null) return;
  const reason = "the address looks odd";
  await scene.shop(order, { name: "holdOrder", input: { reason }, told: `is held: ${reason}` });
  await scene.pause();
  const found = "the customer was asked";
  await scene.shop(order, { name: "releaseHold", input: { reason: found }, told: "goes on" });
  await scene.pause();
  await scene.shop(order, ship());
};

async function askedBack(scene: Scene, reason: string) {
  const order = await delivered(scene);
  const [line] = order?.lines ?? [];
  if (order === null || line === undefined) return null;
  await scene.pause();
  const lines = [{ lineId: line.id, quantity: 1 }];
  const told = `is to go back: ${reason}`;
  const asked = await scene.customer(order, {
    name: "requestReturn",
    input: { lines, reason },
    told,
  });
  await scene.pause();
  return { order, lines, returnId: asked.returns[0]?.id };
}

/** One unit comes back and is paid back. */
const sentBack: Story = async (scene) => {
  const back = await askedBack(scene, "one too many");
  if (back === null) return;
  const { order, lines, returnId } = back;
  const told = "may come back";
  await scene.shop(order, { name: "approveReturn", input: { returnId }, told });
  await scene.pause();
  const goods = lines.map((line) => ({ ...line, disposition: "RESTOCK" }));
  const received = { returnId, goods };
  await scene.shop(order, { name: "receiveReturn", input: received, told: "is back" });
  const refund = { lines, reason: "came back unopened" };
  await scene.shop(order, { name: "refundOrder", input: refund, told: "is paid back in part" });
};

/** A return is asked for that the shop does not take. */
const notTakenBack: Story = async (scene) => {
  const back = await askedBack(scene, "it does not whistle");
  if (back === null) return;
  const { order, returnId } = back;
  const reason = "it is no kettle";
  const input = { returnId, reason };
  await scene.shop(order, { name: "declineReturn", input, told: `is not taken: ${reason}` });
};

/** Somebody wants more than there is, and does not come again. */
export const soldOut: Story = async (scene) => {
  const order = await scene.place(await scene.tooMuch());
  await scene.pay(order, "tok_approved");
};

/** Every story as often as it comes in twenty orders. */
export const stories: readonly Story[] = [
  ...Array.from({ length: 7 }, () => happy),
  ...[twoParcels, twoParcels, sentBack, sentBack],
  ...[secondCard, secondThought, soldOut],
  ...[noCard, leftCart, held, notTakenBack, lostAnswer, soldOut],
];
