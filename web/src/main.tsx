/** The page itself, once the browser has drawn what the document holds (start.ts). */
import { render } from "preact";
import "./styles/index.css";
import "./ai/register";
import { applyTheme } from "./app/preferences";
import { followLinks } from "./app/router";
import { Shell } from "./app/shell";
import { listenForShortcuts } from "./app/shortcuts";
import { StateContext } from "./app/state";
import "./files/chat";
import "./order/register";
import "./programs/register";
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
