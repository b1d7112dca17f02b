/** One image after the other, as large as the window: arrows lead on, Escape leads back. */
import { useLayoutEffect, useState } from "preact/hooks";
import type { File } from "../protocol/wire";
import { Dialog } from "../ui/dialog";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { FileCard, usePicture } from "./message";
import { sizeWords } from "./size";

interface LightboxProps {
  images: readonly File[];
  index: number;
  onClose: () => void;
}

export function Lightbox({ images, index, onClose }: LightboxProps) {
  const [at, setAt] = useState(index);
  const file = images[at]!;
  const go = (step: number): void => setAt((now) => (now + step + images.length) % images.length);
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const step = STEPS[event.key];
      if (step === undefined || images.length < 2) return;
      event.preventDefault();
      go(step);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [images]);
  return (
    <Dialog title={file.name} size="wide" bare onClose={onClose}>
      <div class="lightbox">
        <div class="lightbox-head">
          <p dir="auto">
            <strong>{file.name}</strong>
          </p>
          <p class="soft" role="status">
            {images.length > 1 && `${at + 1} of ${images.length} · `}
            {file.width} × {file.height} · {sizeWords(file.size)}
          </p>
          <a class="icon-button" href={file.url} download={file.name} aria-label={`Save ${file.name}`} title="Save">
            <Icon name="download" />
          </a>
          <IconButton icon="x" label="Close" onClick={onClose} />
        </div>
        <Whole key={file.id} file={file} />
        {images.length > 1 && (
          <nav class="lightbox-steps" aria-label="Images">
            <IconButton icon="previous" label="Previous image" onClick={() => go(-1)} />
            <IconButton icon="next" label="Next image" onClick={() => go(1)} />
          </nav>
        )}
      </div>
    </Dialog>
  );
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

function Whole({ file }: { file: File }) {
  const picture = usePicture(file.url);
  if (picture.isLost) return <FileCard file={file} note="The image can’t be shown." />;
  return (
    <div class="lightbox-image">
      <img src={picture.src} alt={file.name} width={file.width} height={file.height} onError={picture.onError} />
    </div>
  );
}
