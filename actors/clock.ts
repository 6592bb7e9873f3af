/** Where `now` of the commands that nobody typed in comes from; a test moves it by hand. */
export interface Clock {
  now(): Date;
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => new Date() };
