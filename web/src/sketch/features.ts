/** Where features add their part to a sketch: a button at its head, a panel over its board. */
import type { ComponentType } from "preact";
import type { Sketch } from "../protocol/wire";

export const sketchButtons: ComponentType<{ sketch: Sketch }>[] = [];
export const sketchPanels: ComponentType<{ sketch: Sketch }>[] = [];
