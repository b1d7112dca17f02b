/** The tools. */
import { Icon, type IconName } from "../ui/icon";
import { type Board, tools } from "./board";
import { keyOf } from "./keys";
import { TOOL_NAMES, TOOLS, type ToolName } from "./tools/tool";

const ICONS: Record<ToolName, IconName> = {
  select: "pointer",
  hand: "hand",
  pen: "pen",
  highlighter: "highlighter",
  eraser: "eraser",
  line: "line",
  arrow: "arrow",
  rectangle: "rectangle",
  ellipse: "ellipse",
  diamond: "diamond",
  text: "text",
  note: "note",
  image: "image",
  laser: "laser",
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
          aria-label={TOOL_NAMES[tool]}
          title={`${TOOL_NAMES[tool]} (${keyOf(tool)})`}
          onClick={() => board.pick(tool)}
        >
          <Icon name={ICONS[tool]} />
        </button>
      ))}
      {board.mayDraw && board.isPenOnly.value && (
        <button
          type="button"
          class="sketch-tool"
          aria-pressed="true"
          aria-label="Only the pen draws"
          title="Only the pen draws, fingers move the board. Press to draw with fingers again"
          onClick={() => {
            board.isPenOnly.value = false;
          }}
        >
          <Icon name="edit" />
        </button>
      )}
    </div>
  );
}
