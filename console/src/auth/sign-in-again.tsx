import { useEffect, useRef } from "react";
import { SignIn } from "./sign-in.tsx";

/** Asks for a token over the view, which stays as it is. */
export function SignInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="again"
      aria-label="Sign in again"
      onCancel={(event) => event.preventDefault()}
    >
      <SignIn />
    </dialog>
  );
}
