/** What screen readers say without anybody moving there: politely, and short notices that everybody sees. */
import { signal } from "@preact/signals";
import { Icon } from "./icon";

const said = signal<readonly { id: number; text: string }[]>([]);
const notices = signal<readonly { id: number; text: string; isWrong: boolean }[]>([]);

const NOTICE_MS = 5000;
/** Several may come at once; what is long gone isn't looked for here. */
const SAID = 5;
let nextId = 1;

/** Read out when the reader is done with what it says now. */
export function announce(text: string): void {
  said.value = [...said.value.slice(1 - SAID), { id: nextId++, text }];
}

/** A few words at the edge of the page, for some seconds. */
export function notify(text: string, isWrong = false): void {
  const id = nextId++;
  notices.value = [...notices.value.slice(-2), { id, text, isWrong }];
  setTimeout(() => dismiss(id), isWrong ? NOTICE_MS * 2 : NOTICE_MS);
}

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

export function Live() {
  return (
    <>
      <div class="visually-hidden" role="log" aria-live="polite">
        {said.value.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
      <div class="toasts" role="status">
        {notices.value.map((notice) => (
          <button
            key={notice.id}
            type="button"
            class={`toast${notice.isWrong ? " toast-danger" : ""}`}
            title="Dismiss"
            onClick={() => dismiss(notice.id)}
          >
            <Icon name={notice.isWrong ? "alert" : "check"} />
            <span>{notice.text}</span>
          </button>
        ))}
      </div>
    </>
  );
}
