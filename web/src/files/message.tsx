/** The files of a message: images as a grid that opens, all else as cards to save. */
import { useState } from "preact/hooks";
import { closeOverlay, openOverlay } from "../app/overlays";
import { Later } from "../app/later";
import { useChalkline } from "../app/state";
import { Markdown } from "../chat/markdown/render";
import type { File } from "../protocol/wire";
import { Icon } from "../ui/icon";
import { kindWords, sizeWords } from "./size";

const lightbox = () => import("./lightbox").then((module) => module.Lightbox);

interface FilesBodyProps {
  text: string;
  files: readonly File[];
  reader: string | undefined;
}

export function FilesBody({ text, files, reader }: FilesBodyProps) {
  const images = files.filter((file) => file.thumbnail_url);
  const others = files.filter((file) => !file.thumbnail_url);
  return (
    <>
      {text && <Markdown text={text} reader={reader} />}
      {images.length > 0 && (
        <ul class={`file-grid${images.length === 1 ? " is-one" : ""}`}>
          {images.map((file, index) => (
            <li key={file.id}>
              <Preview file={file} open={() => openLightbox(images, index)} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul class="file-cards">
          {others.map((file) => (
            <li key={file.id}>
              <FileCard file={file} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function openLightbox(images: readonly File[], index: number): void {
  openOverlay(<Later load={lightbox} props={{ images, index, onClose: closeOverlay }} />);
}

/** Its size is known before it is loaded, so nothing moves when it comes. */
function Preview({ file, open }: { file: File; open: () => void }) {
  const picture = usePicture(file.thumbnail_url ?? "");
  if (picture.isLost) return <FileCard file={file} note="The preview can’t be shown." />;
  return (
    <button type="button" class="file-preview" aria-label={`Open ${file.name}`} onClick={open}>
      <img
        src={picture.src}
        alt={file.name}
        width={file.width}
        height={file.height}
        loading="lazy"
        decoding="async"
        onError={picture.onError}
      />
    </button>
  );
}

/** A picture that didn't load is asked for once more with a fresh session, and then given up. */
export function usePicture(url: string): { src: string; isLost: boolean; onError: () => void } {
  const state = useChalkline();
  const [tries, setTries] = useState(0);
  const onError = (): void => {
    if (tries > 0) setTries(2);
    else
      state.session.list().then(
        () => setTries(1),
        () => setTries(2),
      );
  };
  return { src: tries ? `${url}?again=1` : url, isLost: tries > 1, onError };
}

export function FileCard({ file, note }: { file: File; note?: string }) {
  return (
    <a class="file-card" href={file.url} download={file.name}>
      <Icon name="file" />
      <span class="file-card-name" dir="auto">
        {file.name}
      </span>
      <span class="file-card-facts">
        {kindWords(file.type)} · {sizeWords(file.size)}
        {note && ` · ${note}`}
      </span>
      <Icon name="download" />
    </a>
  );
}
