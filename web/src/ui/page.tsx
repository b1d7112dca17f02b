/** A view that isn't a channel: a title, perhaps tabs, and a column to read. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./button";

interface PageProps {
  title: string;
  onMenu: () => void;
  actions?: ComponentChildren;
  tabs?: readonly { href: string; label: string; isHere: boolean }[];
  children: ComponentChildren;
}

export function Page({ title, onMenu, actions, tabs, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const tabList = useRef<HTMLElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [title]);
  const here = tabs?.find((tab) => tab.isHere)?.href;
  useEffect(() => {
    tabList.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <div class="page">
      <header class="view-header">
        <IconButton icon="menu" label="Show channels" class="only-narrow" onClick={onMenu} />
        <h1 class="view-title" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <div class="view-actions">{actions}</div>
      </header>
      <div class="page-body">
        <div class="page-column">
          {tabs && (
            <nav class="tabs" aria-label={title} ref={tabList}>
              {tabs.map((tab) => (
                <a key={tab.href} href={tab.href} aria-current={tab.isHere ? "page" : undefined}>
                  {tab.label}
                </a>
              ))}
            </nav>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}
