/** What is selected, or drawn next: how it looks, and what can be done with it. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { Actions } from "./actions";
import type { Board } from "./board";
import { type Head, holdsText, isLine, type Style } from "./elements";
import type { Look } from "./look";
import { measured } from "./text-size";
import { HIGHLIGHT_FACTOR } from "./tools/ink";

const INKS = ["#1e1e1e", "#e03131", "#e8590c", "#2f9e44", "#1971c2", "#9c36b5"];
const PAPERS = ["transparent", "#ffc9c9", "#ffec99", "#b2f2bb", "#a5d8ff", "#eebefa"];
const COLOR_NAMES: Record<string, string> = {
  "#1e1e1e": "Black",
  "#e03131": "Red",
  "#e8590c": "Orange",
  "#2f9e44": "Green",
  "#1971c2": "Blue",
  "#9c36b5": "Purple",
  transparent: "None",
  "#ffc9c9": "Light red",
  "#ffec99": "Light yellow",
  "#b2f2bb": "Light green",
  "#a5d8ff": "Light blue",
  "#eebefa": "Light purple",
};
const WIDTHS: readonly (readonly [number, string])[] = [
  [1, "Thin"],
  [2, "Medium"],
  [4, "Bold"],
  [8, "Broad"],
];
const SIZES: readonly (readonly [number, string])[] = [
  [16, "S"],
  [20, "M"],
  [28, "L"],
  [44, "XL"],
];

const HEADS: readonly (readonly [Head, string])[] = [
  ["none", "None"],
  ["arrow", "Arrow"],
  ["triangle", "Triangle"],
  ["dot", "Dot"],
  ["bar", "Bar"],
  ["diamond", "Diamond"],
];
const AREAS = ["rectangle", "ellipse", "diamond"];

/** Changes what is selected, and what is drawn next. */
export function Inspector({ board }: { board: Board }) {
  void board.version.value;
  const isOpen = useSignal(false);
  useSignalEffect(() => {
    if (board.drawing.value) isOpen.value = false;
  });
  const chosen = board.selected();
  const tool = board.tool.value;
  const draws = !["select", "hand", "eraser", "laser", "image"].includes(tool);
  if (!board.mayDraw || (!chosen.length && !draws)) return null;
  return (
    <div
      class={`sketch-inspector${isOpen.value ? " is-open" : ""}`}
      role="group"
      aria-label={chosen.length ? "What is selected" : "Look"}
    >
      <div class="sketch-looks">
        <Looks board={board} first={chosen[0]?.style} kinds={kindsOf(chosen, tool)} />
      </div>
      {chosen.length > 0 && <Actions board={board} />}
      <button
        type="button"
        class="sketch-fold sketch-choice"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {isOpen.value ? "Less" : "Look"}
      </button>
    </div>
  );
}

const kindsOf = (chosen: readonly { style: Style }[], tool: string): readonly string[] =>
  chosen.length ? chosen.map(({ style }) => style.kind) : [{ pen: "stroke", highlighter: "highlight" }[tool] ?? tool];

interface LooksProps {
  board: Board;
  /** Of what is selected. */
  first: Style | undefined;
  kinds: readonly string[];
}

function Looks({ board, first, kinds }: LooksProps) {
  const now: Look = { ...board.look.value, ...(first && defined(first, board.look.value)) };
  const restyle = (change: Partial<Style>) => board.document.restyle(board.selection.value, () => change);
  const set = (change: Partial<Look>) => {
    board.setLook(change);
    if (first) restyle(change);
  };
  const has = (test: (kind: never) => boolean) => kinds.some((kind) => test(kind as never));
  const isPicture = kinds.every((kind) => kind === "image");
  const isLined = !has((kind) => ["note", "text", "image"].includes(kind));
  return (
    <>
      {!isPicture && !kinds.every((kind) => kind === "note") && (
        <Swatches label="Colour" colors={INKS} now={now.color} onPick={(color) => set({ color })} />
      )}
      {has((kind) => [...AREAS, "note"].includes(kind)) && (
        <Swatches label="Fill" colors={PAPERS} now={now.fill} onPick={(fill) => set({ fill })} />
      )}
      {has((kind) => AREAS.includes(kind)) && now.fill !== "transparent" && (
        <Choices
          label="Filling"
          choices={[
            ["solid", "Full"],
            ["hachure", "Lines"],
            ["cross-hatch", "Crossed"],
          ]}
          now={now.fill_style}
          onPick={(fill_style) => set({ fill_style })}
        />
      )}
      {isLined && (
        <Choices
          label="Width"
          choices={WIDTHS}
          now={first?.kind === "highlight" ? now.stroke_width / HIGHLIGHT_FACTOR : now.stroke_width}
          onPick={(stroke_width) => {
            board.setLook({ stroke_width });
            if (first) board.document.restyle(board.selection.value, ({ kind }) => widthOf(kind, stroke_width));
          }}
        />
      )}
      {has((kind) => isLine(kind) || AREAS.includes(kind)) && (
        <Choices
          label="Line"
          choices={[
            ["solid", "Solid"],
            ["dashed", "Dashed"],
            ["dotted", "Dotted"],
          ]}
          now={now.stroke_style}
          onPick={(stroke_style) => set({ stroke_style })}
        />
      )}
      {first && kinds.every((kind) => isLine(kind as never)) && (
        <div class="sketch-row">
          <Pick label="Start" now={first.start_head ?? "none"} onPick={(start_head) => restyle({ start_head })} />
          <Pick
            label="End"
            now={first.end_head ?? (first.kind === "arrow" ? "arrow" : "none")}
            onPick={(end_head) => restyle({ end_head })}
          />
        </div>
      )}
      {has((kind) => holdsText(kind)) && (
        <Choices
          label="Text"
          choices={SIZES}
          now={now.font_size}
          onPick={(font_size) => resizeText(board, font_size)}
        />
      )}
      <label class="sketch-opacity">
        <span>Opacity</span>
        <input
          type="range"
          min="0.1"
          max="1"
          step="0.1"
          value={now.opacity}
          onChange={(event) => set({ opacity: Number(event.currentTarget.value) })}
        />
      </label>
    </>
  );
}

const widthOf = (kind: Style["kind"], width: number): Partial<Style> =>
  kind === "highlight" ? { stroke_width: width * HIGHLIGHT_FACTOR } : kind === "note" ? {} : { stroke_width: width };

/** A free text has the size of its words. */
function resizeText(board: Board, font_size: number): void {
  board.setLook({ font_size });
  board.document.restyle(board.selection.value, ({ kind, text }) => {
    if (!holdsText(kind)) return {};
    return { font_size, ...(kind === "text" && measured(text ?? "", font_size)) };
  });
}

function Pick({ label, now, onPick }: { label: string; now: Head; onPick: (head: Head) => void }) {
  return (
    <label class="sketch-pick">
      <span>{label}</span>
      <select value={now} onChange={(event) => onPick(event.currentTarget.value as Head)}>
        {HEADS.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function defined(style: object, look: Look): Partial<Look> {
  const names = Object.keys(look);
  return Object.fromEntries(
    Object.entries(style).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

interface SwatchesProps {
  label: string;
  colors: readonly string[];
  now: string;
  onPick: (color: string) => void;
}

function Swatches({ label, colors, now, onPick }: SwatchesProps) {
  return (
    <div class="sketch-row" role="group" aria-label={label}>
      {colors.map((color, index) => (
        <button
          key={color}
          type="button"
          class={`sketch-swatch swatch-${label === "Fill" ? "paper" : "ink"}-${index}`}
          aria-label={`${label}: ${COLOR_NAMES[color]}`}
          title={COLOR_NAMES[color]}
          aria-pressed={now === color}
          onClick={() => onPick(color)}
        />
      ))}
    </div>
  );
}

interface ChoicesProps<Value> {
  label: string;
  choices: readonly (readonly [Value, string])[];
  now: Value;
  onPick: (value: Value) => void;
}

function Choices<Value extends string | number>({ label, choices, now, onPick }: ChoicesProps<Value>) {
  return (
    <div class="sketch-row" role="group" aria-label={label}>
      {choices.map(([value, words]) => (
        <button
          key={value}
          type="button"
          class="sketch-choice"
          aria-pressed={now === value}
          aria-label={`${label}: ${words}`}
          onClick={() => onPick(value)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
