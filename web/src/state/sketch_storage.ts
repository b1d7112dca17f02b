/** The browser's own copies of sketches: how they are called, and how they go. */

const PREFIX = "chalkline.sketch.";

export const sketchStore = (userId: number, sketchId: number, epoch: string): string =>
  `${PREFIX}${userId}.${sketchId}.${epoch}`;

/** Of one person, or only other epochs' of one sketch. Nothing is said where there are none, or no storage at all. */
export async function forgetSketches(userId: number, except?: { sketchId: number; epoch: string }): Promise<void> {
  const start = `${PREFIX}${userId}.${except ? `${except.sketchId}.` : ""}`;
  const kept = except && sketchStore(userId, except.sketchId, except.epoch);
  try {
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith(start) && name !== kept) indexedDB.deleteDatabase(name);
    }
  } catch {
    // As above.
  }
}
