/** The start of the page. */
import "./styles/index.css";
import { render } from "preact";
import { applyTheme } from "./app/preferences";
import { followLinks } from "./app/router";
import { Shell } from "./app/shell";
import { listenForShortcuts } from "./app/shortcuts";
import { StateContext } from "./app/state";
import "./sketch/chat";
import { openState } from "./state";

applyTheme();
followLinks();
listenForShortcuts();

const state = openState();
render(
  <StateContext.Provider value={state}>
    <Shell />
  </StateContext.Provider>,
  document.getElementById("app")!,
);
