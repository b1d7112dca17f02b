/** A view whose code comes when it is first opened. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { openOverlay } from "./overlays";

interface LaterProps<Props> {
  load: () => Promise<ComponentType<Props>>;
  props: Props;
}

export function Later<Props extends object>({ load, props }: LaterProps<Props>) {
  const [loaded, setLoaded] = useState<{ by: typeof load; View: ComponentType<Props> } | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let isWanted = true;
    setLost(false);
    load().then(
      (View) => isWanted && setLoaded({ by: load, View }),
      () => isWanted && setLost(true),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  // In the place of another view, that one is still here: these props aren't for it.
  if (loaded?.by === load) return <loaded.View {...props} />;
  if (!isLost) return <Loading />;
  return (
    <Empty icon="alert" title="This page could not be loaded">
      <p>The network may be away, or the server has a newer version.</p>
      <Button look="primary" onClick={() => location.reload()}>
        Load it again
      </Button>
    </Empty>
  );
}

/** A window over the page. */
export function openLater<Props extends object>(load: LaterProps<Props>["load"], props: Props): void {
  openOverlay(<Later load={load} props={props} />);
}
