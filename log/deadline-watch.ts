/** Items that are waited for; each is told of once when its deadline (ms) passes before. */
export interface DeadlineWatch<Item> {
  add(item: Item): void;
  remove(item: Item): void;
}

/**
 * Watches many deadlines by one timer: a timer for each would cost an append more than its insert.
 * The timer stands at the earliest deadline it knew when it was set, and looks for the next one
 * when it fires, so deadlines that keep growing never move it.
 */
export function createDeadlineWatch<Item extends { readonly deadline: number }>(
  onPassed: (item: Item) => void,
): DeadlineWatch<Item> {
  const watched = new Set<Item>();
  let timer: NodeJS.Timeout | undefined;
  let standsAt = Infinity;

  function standAt(deadline: number): void {
    clearTimeout(timer);
    standsAt = deadline;
    timer = setTimeout(fire, Math.max(0, deadline - Date.now()));
  }

  function fire(): void {
    standsAt = Infinity;
    const now = Date.now();
    let earliest = Infinity;
    for (const item of watched) {
      if (item.deadline > now) {
        earliest = Math.min(earliest, item.deadline);
      } else {
        watched.delete(item);
        onPassed(item);
      }
    }
    if (earliest < standsAt) standAt(earliest);
  }

  return {
    add(item) {
      watched.add(item);
      if (item.deadline < standsAt) standAt(item.deadline);
    },
    remove: (item) => void watched.delete(item),
  };
}
