/** Searching all that one may read: with words, phrases and filters; each result leads to its place in the channel. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { openDrawer } from "../app/drawer";
import { messagePath, navigate, searchPath } from "../app/router";
import { useChalkline } from "../app/state";
import { MessageCard } from "../chat/message-card";
import { asFault } from "../protocol/faults";
import type { Hit, User } from "../protocol/wire";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { Page } from "../ui/page";
import { count, faultWords } from "../words";
import { said } from "../files/said";
import { pieces } from "./highlight";
import { type Offer, offers, OPERATORS } from "./operators";

const PAUSE_MS = 250;

export function SearchView({ q }: { q: string }) {
  const found = useResults(q);
  const { hits, wrong, isBusy, cursor, isBehind } = found;
  return (
    <Page title="Search" onMenu={openDrawer}>
      <SearchField q={q} />
      <p class="visually-hidden" role="status">
        {hits && !isBusy && (hits.length ? `${count(hits.length, "message")} found` : "Nothing found")}
      </p>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {isBehind && (
        <p class="notice">Much was written just now: some of it can’t be found yet. Try again in a moment.</p>
      )}
      {!q.trim() && <Help />}
      {isBusy && !hits && <Loading label="Searching" />}
      {hits?.length === 0 && (
        <Empty icon="search" title="Nothing found">
          <p>Other words may help, or fewer filters. What you may not read is not searched.</p>
        </Empty>
      )}
      <ul class="cards cards-wide">
        {hits?.map((hit) => (
          <li key={`${hit.channel_id}/${hit.message.seq}`}>
            <HitCard hit={hit} />
          </li>
        ))}
      </ul>
      {cursor && (
        <Button busy={isBusy} onClick={() => void found.more()}>
          Show more
        </Button>
      )}
    </Page>
  );
}

function useResults(q: string) {
  const { messages } = useChalkline();
  const [hits, setHits] = useState<readonly Hit[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const [isBehind, setBehind] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const asked = useRef(0);
  const load = useCallback(
    async (from: string | null) => {
      const number = ++asked.current;
      setBusy(true);
      try {
        const page = await messages.search({ q, cursor: from });
        if (number !== asked.current) return;
        setHits((before) => (from && before ? [...before, ...page.items] : page.items));
        setCursor(page.next_cursor);
        setBehind(!page.complete);
        setWrong("");
      } catch (error) {
        if (number !== asked.current) return;
        const fault = asFault(error);
        setWrong(fault.code === "invalid" ? fault.detail : faultWords(fault));
        if (!from) setHits(null);
      } finally {
        if (number === asked.current) setBusy(false);
      }
    },
    [messages, q],
  );
  useEffect(() => {
    asked.current++;
    setCursor(null);
    setBehind(false);
    setWrong("");
    if (q.trim()) void load(null);
    else setHits(null);
  }, [q, load]);
  return { hits, wrong, isBusy, cursor, isBehind, more: () => load(cursor) };
}

/** Writes itself into the address while one types, so that a search can be gone back to and handed on. */
function SearchField({ q }: { q: string }) {
  const state = useChalkline();
  const [text, setText] = useState(q);
  const [chosen, setChosen] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const [people, setPeople] = useState<readonly User[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const channels = state.channels.joined.value.filter(({ kind }) => kind === "channel").map(({ name }) => name);
  const list = isOpen && text ? offers(text, { people, channels }, new Date().toISOString().slice(0, 10)) : [];

  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => navigate(searchPath(text), "replace"), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q]);
  useEffect(() => {
    const from = /(?:^|\s)from:(\S*)$/i.exec(text);
    if (!from) return;
    let isWanted = true;
    state.users.search(from[1]!).then(
      (page) => isWanted && setPeople(page.items),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [text, state]);

  const take = (offer: Offer) => {
    setText(offer.q);
    setChosen(-1);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && list.length) setChosen((chosen + 1) % list.length);
    else if (event.key === "ArrowUp" && list.length) setChosen((chosen + list.length) % list.length || 0);
    else if ((event.key === "Enter" || event.key === "Tab") && list[chosen]) take(list[chosen]);
    else if (event.key === "Escape" && isOpen && list.length) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      class="search-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setOpen(false);
        navigate(searchPath(text), "replace");
      }}
    >
      <label class="search-field">
        <Icon name="search" />
        <span class="visually-hidden">Search messages</span>
        <input
          ref={field}
          inputMode="search"
          enterkeyhint="search"
          dir="auto"
          role="combobox"
          placeholder="Words, “a phrase”, from: in: before: after: has:"
          autoComplete="off"
          spellcheck={false}
          maxLength={300}
          aria-expanded={list.length > 0}
          aria-controls="search-offers"
          aria-activedescendant={chosen >= 0 && list[chosen] ? `offer-${chosen}` : undefined}
          value={text}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setChosen(-1);
            setOpen(true);
          }}
          onKeyDown={press}
        />
      </label>
      <div id="search-offers" class="search-offers" role="listbox" aria-label="Filters" hidden={!list.length}>
        {list.map((offer, index) => (
          <div
            key={offer.title}
            id={`offer-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              take(offer);
            }}
          >
            <span dir="auto">{offer.title}</span>
            <span class="soft">{offer.note}</span>
          </div>
        ))}
      </div>
    </form>
  );
}

function HitCard({ hit }: { hit: Hit }) {
  const { channels } = useChalkline();
  const channel = channels.get(hit.channel_id).value;
  const title = channel ? channels.title(channel) : "";
  const where = channel?.kind === "channel" ? `#${title}` : title;
  return (
    <MessageCard
      message={hit.message}
      href={messagePath(hit.message)}
      where={
        <>
          <span dir="auto">{where}</span>
          {hit.message.thread !== null && " · in a thread"}
        </>
      }
      text={
        hit.highlight
          ? pieces(hit.highlight).map((piece) => (piece.isFound ? <mark>{piece.text}</mark> : piece.text))
          : said(hit.message)
      }
    />
  );
}

function Help() {
  return (
    <section class="search-help">
      <p class="soft">
        Whole words are found, and the beginning of the last one. Put a phrase into “quotes”. To narrow it down:
      </p>
      <dl>
        {OPERATORS.map(({ name, words }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd class="soft">{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
