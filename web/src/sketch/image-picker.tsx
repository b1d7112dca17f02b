/** Asks for a picture when the image tool was pressed somewhere, and puts it there. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { notify } from "../ui/live";
import type { Board } from "./board";
import { addPicture } from "./clipboard";

export function ImagePicker({ board }: { board: Board }) {
  const input = useRef<HTMLInputElement>(null);
  useSignalEffect(() => {
    if (board.wantsImage.value) input.current?.click();
  });
  const take = (file: File | undefined) => {
    const at = board.wantsImage.peek();
    board.wantsImage.value = null;
    if (!file || !at) return;
    addPicture(board, file, at).catch(() => notify("This is no picture that your browser can read.", true));
  };
  return (
    <input
      ref={input}
      type="file"
      accept="image/png,image/jpeg,image/gif,image/webp"
      hidden
      aria-label="Picture"
      onChange={(event) => {
        take(event.currentTarget.files?.[0]);
        event.currentTarget.value = "";
      }}
      onCancel={() => {
        board.wantsImage.value = null;
      }}
    />
  );
}
