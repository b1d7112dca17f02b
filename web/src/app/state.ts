/** The state of the page, for every view below the shell. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { State } from "../state";

export const StateContext = createContext<State | null>(null);

export function useChalkline(): State {
  const state = useContext(StateContext);
  if (!state) throw new Error("This view stands outside of the page's state.");
  return state;
}
