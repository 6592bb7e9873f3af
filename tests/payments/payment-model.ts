/** A call in the words of the model: two payments, three refunds, one currency. */
export type ModelCall =
  | { call: "authorise"; payment: string; minor: number; token: string }
  | { call: "capture"; payment: string; minor: number }
  | { call: "void" | "confirm" | "refuse"; payment: string }
  | { call: "refund"; payment: string; refund: string; minor: number }
  | { call: "later" };

interface Answer {
  /** What was asked, so that another question under the same key is recognised. */
  readonly asked: string;
  words: string;
  isSlow: boolean;
}

interface ModelPayment {
  readonly answers: Map<string, Answer>;
  isVoidAsked: boolean;
  token: string;
  authorised: number;
  waiting: number;
  captured: number;
  refunded: number;
  isVoided: boolean;
  isKnown: boolean;
}

/** What a provider ought to answer, in the plainest words: one payment is a few numbers. */
export class PaymentModel {
  readonly #payments = new Map<string, ModelPayment>();
  readonly #refundOwners = new Map<string, string>();

  #open(name: string): ModelPayment {
    const existing = this.#payments.get(name);
    if (existing) return existing;
    const numbers = { authorised: 0, waiting: 0, captured: 0, refunded: 0 };
    const payment = { answers: new Map<string, Answer>(), token: "", ...numbers };
    const opened = { ...payment, isVoided: false, isVoidAsked: false, isKnown: false };
    this.#payments.set(name, opened);
    return opened;
  }

  /** Answers as before if the key was used, else asks the rules, then the token. */
  #once(
    { payment, key, asked }: { payment: ModelPayment; key: string; asked: string },
    rules: () => string | null,
    take: () => void,
  ): string {
    const before = payment.answers.get(key);
    if (before) {
      if (before.asked !== asked) return "KEY_REUSED";
      return before.isSlow ? "UNKNOWN TIMED_OUT" : before.words;
    }
    const ruled = rules();
    const step = key.split(" ")[0] ?? "";
    const chosen = behaviourOf(payment.token, step);
    const isAgain = step === "void" && payment.isVoidAsked;
    const how = ruled !== null ? "ruled" : isAgain ? "approved" : chosen;
    if (step === "void" && ruled === null) payment.isVoidAsked = true;
    const refusal = `DECLINED ${step === "authorise" ? "CARD" : step.toUpperCase()}_DECLINED`;
    const isTaken = ["approved", "slow", "times_out_but_succeeds"].includes(how);
    if (isTaken || ruled === "APPROVED") take();
    let words = ruled ?? (isTaken ? "APPROVED" : refusal);
    if (how === "requires_action") words = "ACTION_REQUIRED";
    const isLasting = step !== "void" || words === "APPROVED";
    if (isLasting) payment.answers.set(key, { asked, words, isSlow: how === "slow" });
    return how === "slow" || how.startsWith("times_out") ? "UNKNOWN TIMED_OUT" : words;
  }

  #authorise(one: Extract<ModelCall, { call: "authorise" }>): string {
    const payment = this.#open(one.payment);
    if (!payment.answers.has("authorise")) payment.token = one.token;
    payment.isKnown = true;
    return this.#once(
      { payment, key: "authorise", asked: `${one.minor} ${one.token}` },
      () => {
        if (payment.isVoided) return "DECLINED VOIDED";
        if (one.token === "tok_requires_action") payment.waiting = one.minor;
        return null;
      },
      () => (payment.authorised = one.minor),
    );
  }

  #capture(payment: ModelPayment, minor: number): string {
    return this.#once(
      { payment, key: "capture", asked: String(minor) },
      () => {
        if (payment.isVoided) return "DECLINED VOIDED";
        if (payment.authorised === 0) return "DECLINED NOT_AUTHORISED";
        return minor > payment.authorised ? "DECLINED AMOUNT_EXCEEDS_AUTHORISED" : null;
      },
      () => (payment.captured = minor),
    );
  }

  #voidPayment(payment: ModelPayment): string {
    return this.#once(
      { payment, key: "void", asked: "" },
      () => {
        if (payment.captured > 0) return "DECLINED ALREADY_CAPTURED";
        return payment.authorised + payment.waiting === 0 ? "APPROVED" : null;
      },
      () => {
        payment.isVoided = true;
        if (payment.waiting > 0) this.#settle(payment, "DECLINED VOIDED");
      },
    );
  }

  #refund(one: Extract<ModelCall, { call: "refund" }>, payment: ModelPayment): string {
    const owner = this.#refundOwners.get(one.refund) ?? one.payment;
    if (owner !== one.payment) return "KEY_REUSED";
    this.#refundOwners.set(one.refund, one.payment);
    return this.#once(
      { payment, key: `refund ${one.refund}`, asked: String(one.minor) },
      () => {
        if (payment.captured === 0) return "DECLINED NOT_CAPTURED";
        const isTooMuch = payment.refunded + one.minor > payment.captured;
        return isTooMuch ? "DECLINED AMOUNT_EXCEEDS_CAPTURED" : null;
      },
      () => (payment.refunded += one.minor),
    );
  }

  #settle(payment: ModelPayment, words: string): void {
    const answer = payment.answers.get("authorise");
    if (answer) answer.words = words;
    payment.authorised = words === "APPROVED" ? payment.waiting : 0;
    payment.waiting = 0;
  }

  #act(payment: ModelPayment, words: string): string {
    const answer = payment.answers.get("authorise");
    if (!answer) return "UNKNOWN PAYMENT_NOT_FOUND";
    if (payment.waiting > 0) this.#settle(payment, words);
    return answer.isSlow ? "UNKNOWN TIMED_OUT" : answer.words;
  }

  #later(): string {
    for (const { answers } of this.#payments.values())
      for (const answer of answers.values()) answer.isSlow = false;
    return "";
  }

  /** The outcome and its reason, or the code of the refusal. */
  expect(one: ModelCall): string {
    if (one.call === "later") return this.#later();
    if (one.call === "authorise") return this.#authorise(one);
    if (one.call === "void") return this.#voidPayment(this.#open(one.payment));
    const payment = this.#payments.get(one.payment);
    if (!payment) return "UNKNOWN PAYMENT_NOT_FOUND";
    if (one.call === "capture") return this.#capture(payment, one.minor);
    if (one.call === "refund") return this.#refund(one, payment);
    return this.#act(payment, one.call === "confirm" ? "APPROVED" : "DECLINED ACTION_DECLINED");
  }

  ledger(name: string): object | null {
    const payment = this.#payments.get(name);
    if (!payment?.isKnown) return null;
    const { authorised, captured, refunded, isVoided } = payment;
    const voided = isVoided ? authorised : 0;
    const held = captured > 0 ? 0 : authorised - voided;
    return { key: name, currency: "EUR", authorised, voided, captured, refunded, held };
  }
}

function behaviourOf(token: string, step: string): string {
  const part = token.slice("tok_".length).split("+");
  if (step === "authorise") {
    return part.find((one) => !/^(capture|void|refund)_/.test(one)) ?? "approved";
  }
  const chosen = part.find((one) => one.startsWith(`${step}_`));
  return chosen?.slice(step.length + 1) ?? "approved";
}
