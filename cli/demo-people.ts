const names = [
  ["Ada", "London", "GB", "SW1Y 4JH"],
  ["Bruno", "Lyon", "FR", "69002"],
  ["Chloe", "Leeds", "GB", "LS1 4AP"],
  ["Dario", "Lugano", "CH", "6900"],
  ["Emma", "Hamburg", "DE", "20095"],
  ["Femke", "Utrecht", "NL", "3511 LN"],
  ["Gustav", "Malmö", "SE", "211 22"],
  ["Hanna", "Wien", "AT", "1010"],
  ["Ines", "Porto", "PT", "4000-069"],
  ["Jonas", "Bergen", "NO", "5003"],
  ["Karin", "Zürich", "CH", "8001"],
  ["Luca", "Bern", "CH", "3011"],
  ["Mila", "Praha", "CZ", "110 00"],
  ["Nora", "Dublin", "IE", "D02 X285"],
  ["Oskar", "Gdańsk", "PL", "80-831"],
  ["Paula", "Sevilla", "ES", "41004"],
] as const;

/** A customer of the demonstration; `id` is also the subject of their token. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  /** What an order wants to know of them. */
  readonly personal: object;
}

/** Everybody who buys. */
export const customers: readonly Customer[] = names.map(([name, city, country, postalCode]) => {
  const id = `demo-${name.toLowerCase()}`;
  const address = { name, line1: "1 Market Street", city, postalCode, country };
  const contact = { name, email: `${name.toLowerCase()}@example.com` };
  return { id, name, personal: { contact, shippingAddress: address } };
});
