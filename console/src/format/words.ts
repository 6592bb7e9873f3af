/** A word of the schema as a person reads it: `PARTIALLY_SHIPPED` is "partially shipped". */
export function wordsOf(constant: string): string {
  return constant.replaceAll("_", " ").toLowerCase();
}

/** "1 order", "2 orders". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** A name in camel case as words: `processPayment` and `ProcessPayment` are "Process payment". */
export function spaced(name: string): string {
  const words = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
