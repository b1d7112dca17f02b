import { Dialog } from "../ui/dialog";
import { closeOverlay } from "./overlays";
import { allShortcuts, shownKeys, type Shortcut } from "./shortcuts";

const GROUPS: Shortcut["group"][] = ["Tools", "Drawing", "Anywhere", "Channels", "Messages", "Writing"];

const ALWAYS: Shortcut[] = [
  { keys: "Enter", words: "Send", group: "Writing" },
  { keys: "Shift+Enter", words: "New line", group: "Writing" },
  { keys: "Mod+B", words: "Bold", group: "Writing" },
  { keys: "Mod+I", words: "Italic", group: "Writing" },
  { keys: "Mod+E", words: "Code", group: "Writing" },
  { keys: "↑", words: "From the empty field: edit your last message", group: "Writing" },
  { keys: "@ # :", words: "People, channels, emoji", group: "Writing" },
  { keys: "↑ ↓", words: "Message before, next message", group: "Messages" },
  { keys: "Home End", words: "First and last message here", group: "Messages" },
  { keys: "M", words: "All that can be done with a message", group: "Messages" },
  { keys: "E", words: "Add a reaction", group: "Messages" },
  { keys: "T", words: "Open the thread, or begin one", group: "Messages" },
  { keys: "R", words: "Quote and reply", group: "Messages" },
  { keys: "W", words: "Edit what you wrote", group: "Messages" },
  { keys: "P", words: "Pin, or unpin", group: "Messages" },
  { keys: "U", words: "Mark as unread from here", group: "Messages" },
  { keys: "C", words: "Copy the text", group: "Messages" },
  { keys: "L", words: "Copy a link", group: "Messages" },
  { keys: "D", words: "Delete", group: "Messages" },
];

export function ShortcutSheet() {
  const all = [...allShortcuts(), ...ALWAYS];
  const shortcuts = all.filter((one, index) => all.findIndex((other) => other.words === one.words) === index);
  return (
    <Dialog title="Keyboard shortcuts" size="wide" onClose={closeOverlay}>
      <div class="sheet">
        {GROUPS.filter((group) => shortcuts.some((shortcut) => shortcut.group === group)).map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <div key={shortcut.keys}>
                    <dt>{shortcut.words}</dt>
                    <dd>
                      <Keys keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

export function Keys({ keys }: { keys: string }) {
  return (
    <>
      {shownKeys(keys).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </>
  );
}
