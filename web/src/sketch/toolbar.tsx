/** The tools, and what new and selected elements look like. */
import { Icon, type IconName } from "../ui/icon";
import type { Board, Look } from "./board";
import { holdsText, isInk, isLine } from "./elements";
import { keyOf } from "./keys";
import { tools } from "./board";
import { TOOLS, type ToolName } from "./tools/tool";

const SHOWN: Record<ToolName, { label: string; icon: IconName }> = {
  select: { label: "Select", icon: "pointer" },
  hand: { label: "Move the board", icon: "hand" },
  pen: { label: "Pen", icon: "pen" },
  highlighter: { label: "Highlighter", icon: "highlighter" },
  eraser: { label: "Eraser", icon: "eraser" },
  line: { label: "Line", icon: "line" },
  arrow: { label: "Arrow", icon: "arrow" },
  rectangle: { label: "Rectangle", icon: "rectangle" },
  ellipse: { label: "Ellipse", icon: "ellipse" },
  diamond: { label: "Diamond", icon: "diamond" },
  text: { label: "Text", icon: "text" },
  note: { label: "Sticky note", icon: "note" },
  image: { label: "Image", icon: "image" },
  laser: { label: "Laser pointer", icon: "laser" },
};

export function Toolbar({ board }: { board: Board }) {
  const offered = TOOLS.filter((tool) => board.mayDraw || tools[tool].isHarmless);
  return (
    <div class="sketch-tools" role="toolbar" aria-label="Tools" aria-orientation="horizontal">
      {offered.map((tool) => (
        <button
          key={tool}
          type="button"
          class="sketch-tool"
          aria-pressed={board.tool.value === tool}
          aria-label={SHOWN[tool].label}
          title={`${SHOWN[tool].label} (${keyOf(tool)})`}
          onClick={() => board.pick(tool)}
        >
          <Icon name={SHOWN[tool].icon} />
        </button>
      ))}
    </div>
  );
}

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

/** Changes what is selected, and what is drawn next. */
export function Inspector({ board }: { board: Board }) {
  void board.version.value;
  const chosen = board.selected();
  const tool = board.tool.value;
  const draws = !["select", "hand", "eraser", "laser", "image"].includes(tool);
  if (!board.mayDraw || (!chosen.length && !draws)) return null;
  const kinds = chosen.length ? chosen.map(({ style }) => style.kind) : [tool];
  const [first] = chosen;
  const now: Look = { ...board.look.value, ...(first && defined(first.style, board.look.value)) };
  const set = (change: Partial<Look>) => {
    board.setLook(change);
    if (chosen.length) board.document.restyle(board.selection.value, () => change);
  };
  const has = (test: (kind: never) => boolean) => kinds.some((kind) => test(kind as never));
  const isInkOnly = kinds.every((kind) => ["pen", "highlighter"].includes(kind) || isInk(kind as never));
  const isArea = has((kind) => ["rectangle", "ellipse", "diamond", "note"].includes(kind));
  return (
    <div class="sketch-inspector" role="group" aria-label={chosen.length ? "Look of what is selected" : "Look"}>
      <Swatches label="Colour" colors={INKS} now={now.color} onPick={(color) => set({ color })} />
      {isArea && <Swatches label="Fill" colors={PAPERS} now={now.fill} onPick={(fill) => set({ fill })} />}
      {!has((kind) => ["note", "text"].includes(kind)) && (
        <Choices
          label="Width"
          choices={WIDTHS}
          now={now.stroke_width}
          onPick={(stroke_width) => set({ stroke_width })}
        />
      )}
      {!isInkOnly && has((kind) => isLine(kind) || ["rectangle", "ellipse", "diamond"].includes(kind)) && (
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
      {has((kind) => holdsText(kind)) && (
        <Choices label="Text" choices={SIZES} now={now.font_size} onPick={(font_size) => set({ font_size })} />
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
    </div>
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
