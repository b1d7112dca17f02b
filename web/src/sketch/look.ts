/** What is drawn next: the choices of whoever sits at the board. */

import type { FillStyle, StrokeStyle } from "./elements";

/** What new elements look like. */
export interface Look {
  readonly color: string;
  readonly fill: string;
  readonly fill_style: FillStyle;
  readonly stroke_width: number;
  readonly stroke_style: StrokeStyle;
  readonly opacity: number;
  readonly round: boolean;
  readonly font_size: number;
}

export const FIRST_LOOK: Look = {
  color: "#1e1e1e",
  fill: "transparent",
  fill_style: "solid",
  stroke_width: 2,
  stroke_style: "solid",
  opacity: 1,
  round: true,
  font_size: 20,
};
