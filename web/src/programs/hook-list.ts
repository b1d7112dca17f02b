/** The list of one kind of webhook: loaded, changed in place, and loaded again when somebody comes back to the page. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { asFault } from "../protocol/faults";
import { notify } from "../ui/live";
import { faultWords } from "../words";

export interface HookList<Hook> {
  hooks: readonly Hook[] | null;
  wrong: string;
  load: () => Promise<void>;
  put: (hook: Hook) => void;
  drop: (id: number) => void;
  /** What went wrong is said at the edge of the page. */
  attempt: (action: () => Promise<unknown>) => Promise<void>;
}

export function useHooks<Hook extends { readonly id: number }>(fetch: () => Promise<readonly Hook[]>): HookList<Hook> {
  const [hooks, setHooks] = useState<readonly Hook[] | null>(null);
  const [wrong, setWrong] = useState("");
  const load = useCallback(async () => {
    try {
      setHooks(await fetch());
      setWrong("");
    } catch (error) {
      setWrong(faultWords(asFault(error)));
    }
  }, [fetch]);
  useEffect(() => {
    void load();
    const look = () => document.visibilityState === "visible" && void load();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [load]);
  const put = (hook: Hook) =>
    setHooks((before) =>
      before?.some(({ id }) => id === hook.id)
        ? before.map((one) => (one.id === hook.id ? hook : one))
        : [...(before ?? []), hook],
    );
  const drop = (id: number) => setHooks((before) => before?.filter((one) => one.id !== id) ?? null);
  const attempt = async (action: () => Promise<unknown>) => {
    try {
      await action();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return { hooks, wrong, load, put, drop, attempt };
}
