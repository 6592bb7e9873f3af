import type { Db } from "mongodb";

interface ReservedName {
  /** The suffix of a generation. */
  readonly _id: string;
  /** When a rebuild took it; null = it is free. */
  readonly taken: Date | null;
}

/**
 * Names for generations to come, in the order of need. MongoDB gives rights on collections by name
 * only, so whoever gives Statecart's user its rights leaves names here for which it has them
 * (`deploy/mongodb-users.js`). Where there are none, any name does.
 */
export function reservedNames(db: Db) {
  const names = db.collection<ReservedName>("reserved_generations", {
    writeConcern: { w: "majority" },
  });
  return {
    /** Takes one that nobody else gets; null when there is none left. */
    async take(): Promise<string | null> {
      const taken = await names.findOneAndUpdate({ taken: null }, [{ $set: { taken: "$$NOW" } }], {
        sort: { _id: 1 },
      });
      return taken?._id ?? null;
    },
    /** Gives one back that was not used. */
    async giveBack(name: string): Promise<void> {
      await names.updateOne({ _id: name }, { $set: { taken: null } });
    },
  };
}
