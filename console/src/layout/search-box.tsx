import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { findOrderDocument } from "../generated/documents.ts";
import { request } from "../graphql/request.ts";
import { navigate } from "../routing/location.ts";

/** Finds an order by its number from anywhere; `/` leads here from the keyboard. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  const [isSearching, setIsSearching] = useState(false);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping =
        (event.target as Element).closest("input, textarea, select, dialog") !== null;
      if (event.key !== "/" || isTyping) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    if (text === "") return;
    setIsSearching(true);
    void goTo(text).finally(() => setIsSearching(false));
  };
  return (
    <form className="search" role="search" onSubmit={submit} aria-busy={isSearching}>
      <label htmlFor="search" className="unseen">
        Order number or words
      </label>
      <input
        ref={input}
        id="search"
        type="search"
        placeholder="Order number ( / )"
        autoComplete="off"
        spellCheck={false}
        aria-keyshortcuts="/"
      />
    </form>
  );
}

/** To the order of that number; any other text is looked for in all orders. */
async function goTo(text: string): Promise<void> {
  const found = await request(findOrderDocument, { number: text }).catch(() => null);
  const id = found?.orderByNumber?.id;
  navigate(id === undefined ? `orders?text=${encodeURIComponent(text)}` : `orders/${id}`);
}
