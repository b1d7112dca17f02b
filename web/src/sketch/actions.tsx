/** What can be done with what is selected, for who has no keys. */
import { Icon, type IconName } from "../ui/icon";
import { aligned, type Side, spread, unitsOf } from "./arrange";
import type { Board } from "./board";
import { duplicateSelected } from "./clipboard";

const ALIGNING: readonly (readonly [Side, string, IconName])[] = [
  ["left", "Align left", "alignLeft"],
  ["centre", "Align centres", "alignCentre"],
  ["right", "Align right", "alignRight"],
  ["top", "Align tops", "alignTop"],
  ["middle", "Align middles", "alignMiddle"],
  ["bottom", "Align bottoms", "alignBottom"],
];

export function Actions({ board }: { board: Board }) {
  const chosen = board.selected();
  const units = unitsOf(chosen).length;
  const isGrouped = chosen.some(({ style }) => style.group);
  return (
    <>
      {units > 1 && (
        <div class="sketch-row is-wrapped" role="group" aria-label="Arrange">
          {ALIGNING.map(([side, label, icon]) => (
            <Action key={side} label={label} icon={icon} run={() => board.reshape(aligned(board.selected(), side))} />
          ))}
          {units > 2 && (
            <>
              <Action
                label="Equal gaps across"
                icon="spreadAcross"
                run={() => board.reshape(spread(board.selected(), "across"))}
              />
              <Action
                label="Equal gaps down"
                icon="spreadDown"
                run={() => board.reshape(spread(board.selected(), "down"))}
              />
            </>
          )}
        </div>
      )}
      <div class="sketch-row is-wrapped" role="group" aria-label="Actions">
        <Action label="To the front (])" icon="toFront" run={() => board.raise("front")} />
        <Action label="To the back ([)" icon="toBack" run={() => board.raise("back")} />
        <Action label="Duplicate (Ctrl+D)" icon="copy" run={() => duplicateSelected(board)} />
        {isGrouped && <Action label="Ungroup (Ctrl+Shift+G)" icon="ungroup" run={() => board.ungroup()} />}
        {units > 1 && <Action label="Group (Ctrl+G)" icon="group" run={() => board.group()} />}
        {board.comment && <Action label="Comment (C)" icon="message" run={() => board.comment?.()} />}
        <Action label="Remove (Delete)" icon="trash" run={() => board.document.remove(board.selection.value)} />
      </div>
    </>
  );
}

function Action({ label, icon, run }: { label: string; icon: IconName; run: () => void }) {
  return (
    <button type="button" class="sketch-action" aria-label={label.replace(/ \(.*/, "")} title={label} onClick={run}>
      <Icon name={icon} />
    </button>
  );
}
