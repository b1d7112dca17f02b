/** The state of the page. `openState()` once, in main.tsx; hand it to the views by a context. */

import { inBrowser } from "../worker/spawn";
import type { State } from "./api";
import { browserSurroundings } from "./surroundings";
import { Tab } from "./tab";

export type * from "./api";
export { Fault } from "../protocol/faults";

export function openState(): State {
  const tab = new Tab(browserSurroundings(inBrowser));
  tab.start();
  return tab;
}
