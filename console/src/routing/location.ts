import { useMemo, useSyncExternalStore } from "react";

const BASE = "/console";
const MOVED = "statecart:moved";

/** Where the console is: the path below `/console/`, and what follows the question mark. */
export interface Place {
  readonly path: string;
  readonly search: URLSearchParams;
}

/** Goes to a path such as `orders?status=PENDING`; with `replace` the way back skips this one. */
export function navigate(to: string, { replace = false } = {}): void {
  const url = addressOf(to);
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  window.dispatchEvent(new Event(MOVED));
}

/** The address of a path, as a link has it. */
export function addressOf(to: string): string {
  return `${BASE}/${to}`;
}

export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, currentAddress);
  return useMemo(() => placeOf(address), [address]);
}

/** The place of this moment, for whoever is no component. */
export function currentPlace(): Place {
  return placeOf(currentAddress());
}

function currentAddress(): string {
  return location.pathname + location.search;
}

function placeOf(address: string): Place {
  const [path = "", query = ""] = address.split("?", 2);
  const below = path.slice(BASE.length).replace(/^\/|\/$/g, "");
  return { path: below, search: new URLSearchParams(query) };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(MOVED, listener);
  };
}
