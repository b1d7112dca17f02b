/** Deleting a message, after a question: it can't be taken back. */
import { openOverlay } from "../app/overlays";
import { asFault } from "../protocol/faults";
import type { Message } from "../protocol/wire";
import type { State } from "../state";
import { Confirm } from "../ui/confirm";
import { announce, notify } from "../ui/live";
import { faultWords } from "../words";
import { endEdit } from "./editing";
import { said } from "../files/said";
import { authorName } from "./author";

const SHOWN_CHARACTERS = 140;

export function confirmDelete(message: Message, state: State): void {
  const isOwn = message.author_id === state.session.me.peek()?.id;
  const text = said(message, message.text.length);
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  openOverlay(
    <Confirm
      title={isOwn ? "Delete your message?" : `Delete the message of ${authorName(state, message)}?`}
      words={shown ? `“${shown}” will be gone for everybody.` : "It will be gone for everybody."}
      action="Delete"
      run={async () => {
        endEdit();
        // It is gone from the screen at once; should the server refuse, it comes back and one is told.
        state.messages
          .remove(message.channel_id, message.seq)
          .catch((error: unknown) => notify(`Not deleted. ${faultWords(asFault(error))}`, true));
        announce("Message deleted");
      }}
    />,
  );
}
