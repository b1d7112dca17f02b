/** The box around one row of a long list. */
import { Component, type ComponentChildren, createRef } from "preact";

interface RowProps {
  id: string;
  keep: (key: string, element: HTMLElement | null) => void;
  children: ComponentChildren;
}

/** Its element is observed for as long as it is in the page. */
export class Row extends Component<RowProps> {
  private readonly element = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    this.props.keep(this.props.id, this.element.current);
  }

  override componentWillUnmount(): void {
    this.props.keep(this.props.id, null);
  }

  override render({ id, children }: RowProps) {
    return (
      <div class="list-row" ref={this.element} data-key={id}>
        {children}
      </div>
    );
  }
}
