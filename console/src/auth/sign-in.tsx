import { useState, type SubmitEvent } from "react";
import { useStore } from "../state/store.ts";
import { session, signIn } from "./session.ts";
import "./sign-in.css";

/** Asks for a token; whoever was there before goes on where they were. */
export function SignIn() {
  const { complaint } = useStore(session);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("token");
    setProblem(signIn(typeof text === "string" ? text : ""));
  };
  return (
    <form className="sign-in" onSubmit={submit}>
      <h1>Sign in to Statecart</h1>
      <p>
        {complaint ??
          "The console acts in the name of an operator. Paste a token that the shop trusts."}
      </p>
      <label htmlFor="token">Operator token</label>
      <textarea id="token" name="token" rows={5} required autoFocus spellCheck={false} />
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="primary">
        Sign in
      </button>
      <p className="aside">
        On a developer’s machine, <code>npm run token -- operator</code> prints one.
      </p>
    </form>
  );
}
