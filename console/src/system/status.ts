import type { DeadLettersResult, SystemFeedResult } from "../generated/documents.ts";

/** How the process is doing at one moment. */
export type Status = SystemFeedResult["systemFeed"];

export type DeadLetter = DeadLettersResult["deadLetters"][number];
