import { Suspense } from "react";
import { session } from "./auth/session.ts";
import { SignIn } from "./auth/sign-in.tsx";
import { SignInAgain } from "./auth/sign-in-again.tsx";
import { ErrorBoundary } from "./layout/error-boundary.tsx";
import { Layout } from "./layout/layout.tsx";
import { usePlace } from "./routing/location.ts";
import { pageOf } from "./routing/pages.tsx";
import { useStore } from "./state/store.ts";

/** The page of the address, once somebody is signed in; who has to sign in again keeps the view. */
export function App() {
  const { token, subject } = useStore(session);
  const { path } = usePlace();
  const { Page, id } = pageOf(path);
  if (token === null && subject === "") {
    return (
      <main>
        <SignIn />
      </main>
    );
  }
  return (
    <Layout>
      {token === null && <SignInAgain />}
      <ErrorBoundary key={path}>
        <Suspense fallback={<p className="loading">Loading</p>}>
          <Page id={id} />
        </Suspense>
      </ErrorBoundary>
    </Layout>
  );
}
