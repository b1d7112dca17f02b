/** Leaving, from wherever it is offered. */
import { asFault } from "../protocol/faults";
import type { SessionState } from "../state";
import { notify } from "../ui/live";
import { faultWords } from "../words";

/** Whoever asked for it must not walk away believing it: a failure is said. */
export async function signOut(session: SessionState): Promise<void> {
  try {
    await session.signOut();
  } catch (error) {
    notify(`You are still signed in. ${faultWords(asFault(error))}`, true);
  }
}
