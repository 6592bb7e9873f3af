import { createStore } from "../state/store.ts";

/** Who is signed in, as far as their token says so itself; the gateway judges it. */
export interface Session {
  /** Null until a token is given, and again when it is of no use any more. */
  readonly token: string | null;
  readonly subject: string;
  readonly scope: string;
  /** Why a token is asked for, for a person; null when nobody was signed in before. */
  readonly complaint: string | null;
}

const KEY = "statecart.token";
const NOBODY: Session = { token: null, subject: "", scope: "", complaint: null };

export const session = createStore<Session>(NOBODY);

/** Takes a token. Answers with what is wrong with it, or null when it can be tried. */
export function signIn(text: string): string | null {
  const token = text.trim().replace(/^Bearer\s+/i, "");
  const claims = claimsOf(token);
  if (claims === null) return "This is not a token: it has three parts with dots between them.";
  if (claims.scope.split(" ").includes("customer")) {
    return "This token is a customer’s, and the console is for those who run the shop.";
  }
  if (claims.expiresAt <= Date.now()) return "This token has expired already.";
  sessionStorage.setItem(KEY, token);
  const { subject, scope } = claims;
  session.set({ token, subject, scope, complaint: null });
  return null;
}

/** Ends the session: nothing stays on the screen. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  session.set({ ...NOBODY, complaint: "You have signed out." });
}

/** Forgets a token that is of no use; what is on the screen stays until another one is given. */
function suspend(complaint: string): void {
  sessionStorage.removeItem(KEY);
  session.set({ ...session.get(), token: null, complaint });
}

/** The token, as soon as there is one. */
export function currentToken(): Promise<string> {
  return new Promise((resolve) => {
    const take = (): void => {
      const { token } = session.get();
      if (token === null) return;
      stop();
      resolve(token);
    };
    const stop = session.subscribe(take);
    take();
  });
}

/** What a gateway's answer means for the session; a development token is renewed by itself. */
export async function refuseToken(token: string, complaint: string): Promise<void> {
  if (session.get().token !== token) return;
  const fresh = await developmentToken();
  if (session.get().token !== token) return;
  if (fresh === null || fresh === token || signIn(fresh) !== null) suspend(complaint);
}

/** Signs in with the token of this tab, or in development with the one that the gateway offers. */
export async function resumeSession(): Promise<void> {
  const kept = sessionStorage.getItem(KEY);
  if (kept !== null && signIn(kept) === null) return;
  const offered = await developmentToken();
  if (offered !== null) signIn(offered);
}

async function developmentToken(): Promise<string | null> {
  try {
    const response = await fetch("/console/token", { cache: "no-store" });
    if (!response.ok) return null;
    const { token } = (await response.json()) as { token: string };
    return token;
  } catch {
    return null;
  }
}

interface Claims {
  readonly subject: string;
  readonly scope: string;
  readonly expiresAt: number;
}

function claimsOf(token: string): Claims | null {
  try {
    const [, payload = ""] = token.split(".");
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { sub, scope, exp } = claims;
    return { subject: String(sub), scope: String(scope), expiresAt: Number(exp) * 1_000 };
  } catch {
    return null;
  }
}
