/** Who else is at the sketch; a press follows what somebody sees. */
import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Avatar } from "../ui/avatar";
import type { Board } from "./board";
import type { Other } from "./presence";

export function People({ board }: { board: Board }) {
  const others = useMemo(() => signal<readonly Other[]>([]), [board]);
  const { followed } = board;
  useEffect(() => {
    const { awareness } = board.presence;
    const change = () => {
      others.value = board.presence.others();
      const view = others.value.find(({ client }) => client === followed.value)?.view;
      if (view) board.showAt({ x: view[0], y: view[1], zoom: view[2] });
    };
    change();
    awareness.on("change", change);
    return () => awareness.off("change", change);
  }, [board]);
  const shown = new Map(others.value.map((other) => [other.userId ?? -other.client, other]));
  shown.delete(board.userId ?? 0);
  return (
    <ul class="sketch-people" aria-label="At this sketch">
      {Array.from(shown, ([key, other]) => (
        <li key={key}>
          <button
            type="button"
            class="sketch-person"
            aria-pressed={followed.value === other.client}
            title={followed.value === other.client ? `Stop following ${other.name}` : `Follow ${other.name}`}
            aria-label={followed.value === other.client ? `Stop following ${other.name}` : `Follow ${other.name}`}
            onClick={() => {
              followed.value = followed.value === other.client ? null : other.client;
              if (followed.value && other.view) {
                board.showAt({ x: other.view[0], y: other.view[1], zoom: other.view[2] });
              }
            }}
          >
            <Avatar id={other.userId ?? other.client} name={other.name} />
          </button>
        </li>
      ))}
    </ul>
  );
}
