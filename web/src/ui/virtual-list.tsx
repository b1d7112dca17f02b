/**
 * A list of any length, grown from its end like a chat. Only the rows near the screen are in the page.
 *
 * The scroller runs from the bottom (`column-reverse`), so what changes above the screen moves nothing, and a list that
 * is at its end stays there by itself. For changes below the screen one row is held in place: the first one in sight.
 */
import { Component, createRef, type ComponentChildren } from "preact";
import { Heights, type Range } from "./virtual";
import { Row } from "./virtual-row";

export interface ListItem {
  readonly key: string;
}

interface VirtualListProps<Item extends ListItem> {
  /** Holds the list itself while it is in the page, for `show` and `showEnd`. */
  handle: { current: VirtualList<Item> | null };
  items: readonly Item[];
  /** A guess at the height of a row, in pixels, for a list this wide. */
  guess: (item: Item, width: number) => number;
  row: (item: Item, index: number) => ComponentChildren;
  label: string;
  /** What stands before the first row. */
  head?: ComponentChildren;
  /** There is more beyond the last row, so the end of the list is not the end. */
  hasMore: boolean;
  onSight: (sight: Sight) => void;
  /** The row to begin at; without it the list begins at its end. */
  startKey?: string | null;
}

export interface Sight {
  /** Indices of the first and last row in sight. */
  first: number;
  last: number;
  isAtEnd: boolean;
  /** Less than so many screens are left in that direction. */
  isNearStart: boolean;
  isNearEnd: boolean;
}

interface Anchor {
  key: string;
  /** From the top of the screen to the top of the row. */
  offset: number;
}

const OVERSCAN_PX = 700;
const END_PX = 24;
const NEAR_SCREENS = 3;

export class VirtualList<Item extends ListItem> extends Component<VirtualListProps<Item>, Range> {
  private readonly heights = new Heights();
  private readonly scroller = createRef<HTMLDivElement>();
  private readonly before = createRef<HTMLDivElement>();
  private readonly after = createRef<HTMLDivElement>();
  private readonly head = createRef<HTMLDivElement>();
  private readonly rows = new Map<string, HTMLElement>();
  /** Not measured yet. */
  private readonly fresh = new Set<string>();
  private placed: readonly Item[] = [];
  private anchor: Anchor | null = null;
  private isAtEnd = true;
  /** The last place that was read or written. */
  private lastTop = 0;
  private width = 700;
  private view = 800;
  /** The height of what stands before the first row. */
  private headHeight = 0;
  private readonly observer = new ResizeObserver((entries) => this.resized(entries));

  /** Brings a row into sight; false where there is no such row. */
  show(key: string, place: "top" | "middle" = "middle"): boolean {
    const index = this.heights.indexOf(key);
    if (index < 0) return false;
    this.hold(key, place);
    this.restore();
    this.updateRange(() => this.restore());
    return true;
  }

  private hold(key: string, place: "top" | "middle"): void {
    this.isAtEnd = false;
    this.anchor = { key, offset: place === "top" ? this.view / 6 : this.view / 3 };
  }

  showEnd(): void {
    this.isAtEnd = true;
    this.updateRange(() => this.restore());
    this.restore();
  }

  /** The element of a row, if it is in the page. */
  element(key: string): HTMLElement | undefined {
    return this.rows.get(key);
  }

  constructor(props: VirtualListProps<Item>) {
    super(props);
    this.place(props);
    if (props.startKey) this.hold(props.startKey, "top");
    this.state = this.wanted();
  }

  override componentDidMount(): void {
    this.props.handle.current = this;
    const scroller = this.scroller.current!;
    this.observer.observe(scroller);
    this.observer.observe(this.head.current!);
    this.width = scroller.clientWidth;
    this.view = scroller.clientHeight;
    this.measureFresh();
    this.restore();
    this.updateRange();
    this.tellSight();
  }

  override componentWillUnmount(): void {
    this.props.handle.current = null;
    this.observer.disconnect();
  }

  override componentWillReceiveProps(next: VirtualListProps<Item>): void {
    if (next.items === this.placed) return;
    this.catchUp();
    this.place(next);
    const wanted = this.wanted();
    if (wanted.start !== this.state.start || wanted.end !== this.state.end) this.setState(wanted);
  }

  override componentDidUpdate(before: VirtualListProps<Item>, range: Range): void {
    const hasOthers = before.items !== this.props.items || before.hasMore !== this.props.hasMore;
    if (!hasOthers && range.start === this.state.start && range.end === this.state.end) return;
    this.measureFresh();
    this.restore();
    this.updateRange();
    if (hasOthers) this.tellSight();
  }

  /**
   * Rows that have just come in: the observer would tell their heights only after they were painted. At the end that
   * is soon enough, since all that counts there stands on the bottom of the screen.
   */
  private measureFresh(): void {
    if (this.isAtEnd) return this.fresh.clear();
    const rows = [...this.fresh].map((key) => [key, this.rows.get(key)] as const);
    this.fresh.clear();
    this.heights.measure(
      rows.flatMap(([key, row]) => (row ? [[key, row.getBoundingClientRect().height] as const] : [])),
    );
  }

  private place({ items, guess }: VirtualListProps<Item>): void {
    this.placed = items;
    this.heights.place(
      items.map((item) => item.key),
      (index) => guess(items[index]!, this.width),
    );
  }

  /** How far the top of the screen is from the top of the first row, by where we want to be. */
  private offset(): number {
    const end = this.heights.total - this.view;
    if (this.isAtEnd || !this.anchor) return end;
    const index = this.heights.indexOf(this.anchor.key);
    return index < 0 ? end + (this.scroller.current?.scrollTop ?? 0) : this.heights.top(index) - this.anchor.offset;
  }

  private wanted(offset = this.offset()): Range {
    return this.heights.range(offset - OVERSCAN_PX, offset + this.view + OVERSCAN_PX);
  }

  private updateRange(then?: () => void): void {
    const { start, end } = this.wanted();
    if (start === this.state.start && end === this.state.end) then?.();
    else this.setState({ start, end }, then);
  }

  /** Puts the anchored row back where it was. Mostly it is there already, and then nothing is written. */
  private restore(): void {
    const scroller = this.scroller.current;
    if (!scroller) return;
    this.before.current!.style.height = `${this.heights.top(this.state.start)}px`;
    this.after.current!.style.height = `${this.heights.total - this.heights.top(this.state.end)}px`;
    // At the end the browser keeps the place by itself, and asking it for the place costs a layout.
    if (this.isAtEnd && this.lastTop === 0) return;
    const end = this.heights.total - this.view;
    const target = Math.min(0, this.offset() - end);
    if (target === 0) this.isAtEnd = !this.props.hasMore;
    if (Math.abs(scroller.scrollTop - target) >= 1) scroller.scrollTop = target;
    this.lastTop = scroller.scrollTop;
  }

  /**
   * Somebody may have scrolled since the last event about it: that must not be undone. At the end nothing is written
   * that could undo it (`restore`), and to ask for the place would lay out the page once more, between key and frame.
   */
  private catchUp(): void {
    if (this.isAtEnd && this.lastTop === 0) return;
    const scroller = this.scroller.current;
    if (scroller && Math.abs(scroller.scrollTop - this.lastTop) >= 1) this.readPlace();
  }

  /** What the place on the screen means in rows. */
  private readPlace(): number {
    const scroller = this.scroller.current!;
    this.lastTop = scroller.scrollTop;
    this.isAtEnd = scroller.scrollTop > -END_PX && !this.props.hasMore;
    const offset = this.heights.total - this.view + scroller.scrollTop;
    const first = this.heights.at(offset);
    const item = this.placed[first];
    this.anchor = item ? { key: item.key, offset: this.heights.top(first) - offset } : null;
    return offset;
  }

  private readonly scrolled = (): void => {
    const offset = this.readPlace();
    const needed = this.heights.range(offset - OVERSCAN_PX / 3, offset + this.view + OVERSCAN_PX / 3);
    if (needed.start < this.state.start || needed.end > this.state.end) this.setState(this.wanted(offset));
    this.tellSight();
  };

  private tellSight(): void {
    const offset = this.offset();
    const { view, heights } = this;
    this.props.onSight({
      first: heights.at(Math.max(0, offset)),
      last: heights.at(offset + view - 1),
      isAtEnd: this.isAtEnd && !this.props.hasMore,
      isNearStart: offset + this.headHeight < view * NEAR_SCREENS,
      isNearEnd: heights.total - offset - view < view * NEAR_SCREENS,
    });
  }

  private resized(entries: ResizeObserverEntry[]): void {
    const measured: [string, number][] = [];
    let isOther = false;
    for (const entry of entries) {
      const element = entry.target as HTMLElement;
      const height = entry.borderBoxSize[0]?.blockSize ?? element.offsetHeight;
      if (element === this.scroller.current) isOther = this.resizedSelf(element) || isOther;
      else if (element.dataset["key"] !== undefined) measured.push([element.dataset["key"], height]);
      else this.headHeight = height;
    }
    if (!this.heights.measure(measured) && !isOther) return;
    this.restore();
    this.updateRange(() => this.restore());
  }

  private resizedSelf(scroller: HTMLElement): boolean {
    const { clientWidth: width, clientHeight: view } = scroller;
    if (width === this.width && view === this.view) return false;
    if (width !== this.width) {
      this.heights.forget();
      this.heights.measure([...this.rows].map(([key, row]) => [key, row.getBoundingClientRect().height]));
    }
    this.width = width;
    this.view = view;
    return true;
  }

  private readonly keepRow = (key: string, element: HTMLElement | null): void => {
    const known = this.rows.get(key);
    if (known && known !== element) this.observer.unobserve(known);
    if (!element) {
      this.rows.delete(key);
    } else if (known !== element) {
      this.rows.set(key, element);
      this.fresh.add(key);
      this.observer.observe(element);
    }
  };

  override render({ row, label, head }: VirtualListProps<Item>, { start, end }: Range) {
    const items = this.placed.slice(start, end);
    return (
      <div
        class="list-scroller"
        ref={this.scroller}
        onScroll={this.scrolled}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <div class="list">
          <div ref={this.head}>{head}</div>
          <div ref={this.before} />
          <div {...(items.length ? { role: "feed", "aria-label": label } : {})}>
            {items.map((item, index) => (
              <Row key={item.key} id={item.key} keep={this.keepRow}>
                {row(item, start + index)}
              </Row>
            ))}
          </div>
          <div ref={this.after} />
        </div>
      </div>
    );
  }
}
