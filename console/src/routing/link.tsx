import type { MouseEvent, ReactNode } from "react";
import { addressOf, navigate } from "./location.ts";

interface LinkProps {
  /** A path below `/console/`. */
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly children: ReactNode;
}

/** A link inside the console; a click with a modifier opens it as any other link. */
export function Link({ to, className, isCurrent = false, children }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
    window.scrollTo(0, 0);
  };
  return (
    <a
      href={addressOf(to)}
      className={className}
      aria-current={isCurrent ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
