import { PARTITION_COUNT } from "./commit.ts";

const FNV_OFFSET_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The partition of an entity, 0 to 63: 32-bit FNV-1a of its id, everywhere and for ever. */
export function partitionOf(entityId: string): number {
  let hash = FNV_OFFSET_BASIS;
  for (const byte of Buffer.from(entityId, "utf8")) {
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return (hash >>> 0) % PARTITION_COUNT;
}
