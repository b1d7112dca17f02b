/** Files that go with what is being written: chosen, pasted or dropped, each with how far it has come. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Tray, Upload } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { faultWords } from "../words";
import { sizeWords } from "./size";

interface TrayProps {
  tray: Tray;
  /** Where the focus goes on. */
  field: RefObject<HTMLTextAreaElement | null>;
}

export function TrayList({ tray, field }: TrayProps) {
  const uploads = tray.uploads.value;
  if (!uploads.length) return null;
  const remove = (key: string): void => {
    tray.remove(key);
    field.current?.focus();
  };
  return (
    <ul class="tray" aria-label="Files">
      {uploads.map((upload) => (
        <li key={upload.key} class={`tray-file is-${upload.state}`}>
          <Face upload={upload} />
          <p class="tray-name" dir="auto" title={upload.name}>
            {upload.name}
          </p>
          <Standing upload={upload} />
          {upload.state === "failed" && isWorthRetrying(upload) && (
            <button type="button" class="link-button" onClick={() => tray.retry(upload.key)}>
              Try again
            </button>
          )}
          <IconButton
            icon="x"
            label={`${upload.state === "uploading" ? "Stop" : "Remove"} ${upload.name}`}
            onClick={() => remove(upload.key)}
          />
        </li>
      ))}
    </ul>
  );
}

function Face({ upload }: { upload: Upload }) {
  const url = upload.file?.thumbnail_url;
  return url ? (
    <img class="tray-face" src={url} alt="" />
  ) : (
    <Icon name={upload.state === "failed" ? "alert" : "file"} />
  );
}

/** Never more than is known: what has been sent isn't yet what has been kept. */
function Standing({ upload }: { upload: Upload }) {
  const { state, progress, size } = upload;
  if (state === "ready") return <p class="tray-note">{sizeWords(size)}</p>;
  if (state === "waiting") return <p class="tray-note">Waiting · {sizeWords(size)}</p>;
  if (state === "failed") {
    return (
      <p class="tray-note is-failed" role="alert">
        {failureWords(upload)}
      </p>
    );
  }
  const percent = Math.floor(progress * 100);
  return (
    <p class="tray-note">
      <progress max={100} value={percent} aria-label={`Uploading ${upload.name}`} />
      {percent < 100 ? `${percent} %` : "Almost there…"}
    </p>
  );
}

const WORDS: Record<string, string> = {
  too_large: "It is larger than this server takes.",
  too_many: "A message has at most 10 files.",
  expired_file: "It waited too long and is gone. Add it again.",
  offline: "Not uploaded: the server can’t be reached.",
};

function failureWords(upload: Upload): string {
  return WORDS[upload.code] ?? faultWords(upload);
}

function isWorthRetrying({ code }: Upload): boolean {
  return code !== "too_large" && code !== "expired_file" && code !== "invalid";
}

export function FileButton({ tray, field }: TrayProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="paperclip" label="Add files" onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          tray.add(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
          field.current?.focus();
        }}
      />
    </>
  );
}

/** Files among what is pasted; text that comes with a picture of itself stays text. */
export function pastedFiles(event: ClipboardEvent): globalThis.File[] {
  const data = event.clipboardData;
  return data && !data.types.includes("text/plain") ? Array.from(data.files) : [];
}

/** Over the conversation that the field belongs to, while somebody drags files across it. */
export function DropZone({ tray, field }: TrayProps) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const place = field.current?.closest<HTMLElement>(".conversation, .side-pane");
    if (!place) return;
    const stop = new AbortController();
    const { signal } = stop;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    let depth = 0;
    const over = (by: number) => {
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    place.addEventListener("dragenter", (event) => hasFiles(event) && over(1), { signal });
    place.addEventListener("dragleave", (event) => hasFiles(event) && over(-1), { signal });
    place.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault(), { signal });
    place.addEventListener(
      "drop",
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        over(-depth);
        tray.add(Array.from(event.dataTransfer?.files ?? []));
        field.current?.focus();
      },
      { signal },
    );
    return () => stop.abort();
  }, [tray, field]);
  return isOver ? (
    <div class="drop-zone">
      <p>
        <Icon name="paperclip" /> Drop files to add them
      </p>
    </div>
  ) : null;
}
