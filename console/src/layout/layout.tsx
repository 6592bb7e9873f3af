import type { ReactNode } from "react";
import { session, signOut } from "../auth/session.ts";
import { Link } from "../routing/link.tsx";
import { usePlace } from "../routing/location.ts";
import { sections } from "../routing/pages.tsx";
import { useStore } from "../state/store.ts";
import { FreshnessBadge } from "./freshness-badge.tsx";
import { SearchBox } from "./search-box.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import "./layout.css";

/** What is around every page: the ways to the others, the search, how fresh all is, who is here. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const { path } = usePlace();
  const { subject, scope } = useStore(session);
  const current = path.split("/")[0];
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <span className="brand">Statecart</span>
        <nav aria-label="Sections">
          {sections.map((section) => (
            <Link key={section.path} to={section.path} isCurrent={section.path === current}>
              {section.label}
            </Link>
          ))}
        </nav>
        <SearchBox />
        <FreshnessBadge />
        <ThemeSwitch />
        <span className="who" title={`Scope: ${scope}`}>
          {subject}
        </span>
        <button type="button" className="quiet" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
