interface Money {
  readonly decimal: string;
  readonly currency: string;
}

/** An amount as the gateway wrote it, with its digits in groups: no float ever holds it. */
export function moneyText({ decimal, currency }: Money): string {
  const [whole = "", fraction] = decimal.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${currency}`;
}
