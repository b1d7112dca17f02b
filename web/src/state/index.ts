/** The state of the page. `openState()` once, in main.tsx; hand it to the views by a context. */

export type * from "./api";
