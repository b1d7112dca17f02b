/** What can go wrong between the page and the server, as one type. `code` is the protocol's; `detail` is for people. */

export class Fault extends Error {
  readonly code: string;
  readonly detail: string;
  /** HTTP's; 0 where no answer came, or none over HTTP. */
  readonly status: number;
  /** Which field of a form is to blame, and why. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    detail: string,
    more: { status?: number; fields?: Record<string, string>; retryAfterSeconds?: number | null } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = "Fault";
    this.code = code;
    this.detail = detail;
    this.status = more.status ?? 0;
    this.fields = more.fields ?? {};
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}

/** No answer came: no network, or no server. Not one of the protocol's codes. */
export const OFFLINE = "offline";

/** Codes after which the same request may succeed later, unchanged. */
export function isPassing(code: string): boolean {
  return code === OFFLINE || code === "rate_limited" || code === "unavailable" || code === "internal";
}

export function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault("internal", error instanceof Error ? error.message : String(error));
}
