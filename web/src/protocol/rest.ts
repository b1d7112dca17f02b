/** The REST half of the protocol: `fetch`, problems as `Fault`s, and a session that is refreshed without anybody noticing. */

import { asFault, Fault, OFFLINE } from "./faults";

const TIMEOUT_MILLISECONDS = 20_000;
/** A wait that the server asks for is kept by itself up to here; above, the caller is told. */
const PATIENCE_SECONDS = 5;
const ATTEMPTS = 3;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Gets a session newer than the generation it is given. Rejects with `unauthenticated` when it is over. */
export type Renew = (mark: number) => Promise<{ readonly generation: number }>;

export interface Asking {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  /** Signing in and refreshing: a 401 is the answer then, not a session that ran out. */
  readonly isSigningIn?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds?: number;
  /** The answer is this header: a body that comes bit by bit is not waited for. */
  readonly header?: string;
}

export class Rest {
  readonly #fetch: typeof fetch;
  readonly #renew: Renew;
  #generation = 0;

  constructor(renew: Renew, fetching: typeof fetch = (input, init) => fetch(input, init)) {
    this.#renew = renew;
    this.#fetch = fetching;
  }

  /** The answer's JSON, or undefined for an empty one. Rejects with a Fault, and with nothing else. */
  async ask<T>(method: Method, path: string, asking: Asking = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once<T>(method, path, asking);
      } catch (error) {
        const fault = asFault(error);
        if (attempt >= ATTEMPTS) throw fault;
        if (fault.code === "unauthenticated" && !asking.isSigningIn) await this.#renewSession();
        else if (method === "GET" && mayWait(fault)) await wait(fault.retryAfterSeconds ?? 0);
        else throw fault;
      }
    }
  }

  get<T>(path: string, query: Asking["query"] = {}): Promise<T> {
    return this.ask<T>("GET", path, { query });
  }

  /** One GET as it is, whatever its status. Rejects with a Fault where no JSON came. */
  async look<T>(path: string): Promise<{ status: number; body: T }> {
    try {
      const response = await this.#fetch(address(path), {
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return { status: response.status, body: (await response.json()) as T };
    } catch {
      throw new Fault(OFFLINE, "The server can't be reached.");
    }
  }

  /** What tells one version of a file from another; null where the server doesn't say. */
  async mark(path: string): Promise<string | null> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      const response = await this.#fetch(path, { method: "HEAD", cache: "no-store", signal });
      return response.ok ? response.headers.get("ETag") : null;
    } catch {
      return null;
    }
  }

  /** Whether something is there for us: false only when the server has said so. */
  async isThere(path: string): Promise<boolean> {
    try {
      const headers = { "Chalkline-Page": "1" };
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      return (await this.#fetch(path, { method: "HEAD", cache: "no-store", headers, signal })).status !== 404;
    } catch {
      return true;
    }
  }

  async #renewSession(): Promise<void> {
    this.#generation = (await this.#renew(this.#generation)).generation;
  }

  async #once<T>(method: Method, path: string, asking: Asking): Promise<T> {
    const request: RequestInit = {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(asking.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS),
    };
    const headers: Record<string, string> = { ...asking.headers };
    if (asking.body !== undefined) {
      request.body = JSON.stringify(asking.body);
      headers["Content-Type"] = "application/json";
    }
    request.headers = headers;
    // A page that is closed while it refreshes must still get its new cookies, or the session is lost.
    if (asking.isSigningIn) request.keepalive = true;
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(address(path, asking.query), request);
      if (asking.header !== undefined && response.ok) {
        void response.body?.cancel();
        return response.headers.get(asking.header) as T;
      }
      text = await response.text();
    } catch {
      throw new Fault(OFFLINE, "The server can't be reached.");
    }
    if (!response.ok) throw problem(response, text);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

function address(path: string, query: Asking["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return (path.startsWith("/health") ? path : `/api/v1${path}`) + (search && `?${search}`);
}

function problem({ status, headers }: Response, text: string): Fault {
  return problemOf(status, headers.get("Retry-After"), text);
}

/** An answer that is none of the good ones. */
export function problemOf(status: number, retryAfter: string | null, text: string): Fault {
  const after = Number(retryAfter ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(after) ? Math.max(0, after) : null;
  let body: { code?: unknown; detail?: unknown; fields?: unknown } = {};
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy's page: the status has to do.
  }
  const code = typeof body?.code === "string" ? body.code : codeOf(status);
  const detail = typeof body?.detail === "string" ? body.detail : `The server answered ${status}.`;
  const fields = (body?.fields ?? {}) as Record<string, string>;
  return new Fault(code, detail, { status, fields, retryAfterSeconds });
}

/** For answers that aren't the server's own. */
function codeOf(status: number): string {
  if (status === 429) return "rate_limited";
  if (status === 401) return "unauthenticated";
  return status >= 502 && status <= 504 ? "unavailable" : "internal";
}

function mayWait(fault: Fault): boolean {
  const isBusy = fault.code === "unavailable" || fault.code === "rate_limited";
  return isBusy && (fault.retryAfterSeconds ?? Number.POSITIVE_INFINITY) <= PATIENCE_SECONDS;
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
