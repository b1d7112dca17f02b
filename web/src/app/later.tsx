/** A view whose code comes when it is first opened. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";

interface LaterProps<Props> {
  load: () => Promise<ComponentType<Props>>;
  props: Props;
}

export function Later<Props extends object>({ load, props }: LaterProps<Props>) {
  const [View, setView] = useState<ComponentType<Props> | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let isWanted = true;
    setView(null);
    setLost(false);
    load().then(
      (view) => isWanted && setView(() => view),
      () => isWanted && setLost(true),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  if (View) return <View {...props} />;
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
