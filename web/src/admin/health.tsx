import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Health } from "../state";
import { Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { faultWords } from "../words";

const EVERY_MS = 5000;

/** How the server is, asked anew every few seconds. */
export function HealthView() {
  const { admin, channels, instance } = useChalkline();
  const [health, setHealth] = useState<Health | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    const ask = () =>
      admin.health().then(
        (found) => {
          setHealth(found);
          setWrong("");
        },
        (error) => setWrong(faultWords(asFault(error))),
      );
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => clearInterval(timer);
  }, [admin]);

  return (
    <section>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!health && !wrong && <Loading />}
      {health && (
        <>
          <div class="tiles">
            <Tile
              label="Server"
              value={health.status === "ok" ? "Ready" : "Unavailable"}
              isGood={health.status === "ok"}
            />
            <Tile label="Answers within" value={`${Math.round(health.milliseconds)} ms`} />
            <Tile label="Online in your channels" value={String(channels.online.value.size)} />
            <Tile label="Version" value={instance.value?.version ?? "–"} />
          </div>
          <ul class="rows">
            {Object.entries(health.checks).map(([name, said]) => (
              <li key={name}>
                <div class="row">
                  <Icon name="server" />
                  <div class="row-text">
                    <span class="row-title">{name}</span>
                  </div>
                  <span class={`badge ${said === "ok" ? "badge-ok" : "badge-danger"}`}>{said}</span>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Tile({ label, value, isGood }: { label: string; value: string; isGood?: boolean }) {
  return (
    <div class="tile">
      <span class="soft">{label}</span>
      <strong class={isGood === undefined ? "" : isGood ? "is-good" : "is-bad"}>{value}</strong>
    </div>
  );
}
