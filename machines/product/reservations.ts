/**
 * Live reservations by id in a 16-way trie that is plain JSON: a change copies one branch and
 * shares the rest, so that thousands of them cost an event no more than a few. Its form follows
 * from its content alone, however it came about. An id that is no UUID has no place in it.
 */

/** Units that a product holds for one line of an order. */
export interface Reservation {
  readonly id: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly isCommitted: boolean;
}

/** A branch has a part for each next hex digit of the ids below it. */
export interface Reservations {
  readonly [digit: string]: Reservations | Reservation;
}

function isLeaf(node: Reservations | Reservation): node is Reservation {
  return typeof node.id === "string";
}

function digitOf(id: string, depth: number): string {
  return id.replaceAll("-", "").charAt(depth);
}

/** The live reservation of an id. */
export function reservationIn(root: Reservations, id: string): Reservation | undefined {
  let node: Reservations | Reservation | undefined = root;
  for (let depth = 0; node !== undefined; depth += 1) {
    if (isLeaf(node)) return node.id === id ? node : undefined;
    const digit = digitOf(id, depth);
    node = Object.hasOwn(node, digit) ? node[digit] : undefined;
  }
  return undefined;
}

/** The reservations with one added, or put in the place of the one of its id. */
export function withReservation(
  root: Reservations,
  reservation: Reservation,
  depth = 0,
): Reservations {
  const digit = digitOf(reservation.id, depth);
  const child = Object.hasOwn(root, digit) ? root[digit] : undefined;
  return { ...root, [digit]: placed(child, reservation, depth + 1) };
}

function placed(
  child: Reservations | Reservation | undefined,
  reservation: Reservation,
  depth: number,
): Reservations | Reservation {
  if (child === undefined) return reservation;
  if (!isLeaf(child)) return withReservation(child, reservation, depth);
  if (child.id === reservation.id) return reservation;
  return withReservation(withReservation({}, child, depth), reservation, depth);
}

/** The reservations without one. A branch with a single leaf left becomes that leaf. */
export function withoutReservation(root: Reservations, id: string, depth = 0): Reservations {
  const digit = digitOf(id, depth);
  const child = Object.hasOwn(root, digit) ? root[digit] : undefined;
  if (child === undefined || (isLeaf(child) && child.id !== id)) return root;
  if (isLeaf(child)) {
    return Object.fromEntries(Object.entries(root).filter(([key]) => key !== digit));
  }
  const below = withoutReservation(child, id, depth + 1);
  const [only, ...others] = Object.values(below);
  const isAlone = only !== undefined && others.length === 0 && isLeaf(only);
  return { ...root, [digit]: isAlone ? only : below };
}

/** All of them, in no order that means anything. */
export function allReservations(root: Reservations): readonly Reservation[] {
  return Object.values(root).flatMap((node) => (isLeaf(node) ? [node] : allReservations(node)));
}
