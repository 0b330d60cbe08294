/** What the gateway says of a session. Times are Unix seconds of the server's clock. */
export interface SessionInfo {
  subject: string;
  grants: Record<string, unknown>;
  expires_at: number;
  /** Not there when the gateway cannot renew the token, as one of Cartesia's: then it is never refreshed. */
  refresh_after?: number;
  stream_until: number;
}

/** An answer of the gateway that was not 2xx; without `status`, the gateway was not reached. */
export interface Problem extends Error {
  status?: number;
  /** `no_token`, `token_expired`, `token_revoked`, `grant_missing`, … */
  error_code?: string | null;
  title?: string;
  request_id?: string;
}

export interface Options {
  /** The gateway's origin; the page's own when left out. */
  base?: string;
  /** Gets a token from the app's backend. Without it the gateway asks that backend with the page's own cookies. */
  token?: () => Promise<string>;
  /** Called once when the gateway says that the session is over (401), not after `close()`. Open a new one to go on. */
  onend?: (problem: Problem) => void;
}

export interface VoiceCloseEvent extends Event {
  code: number;
  reason: string;
  /** Why the session ended, if it did. */
  problem?: Problem;
}

export interface VoiceSocketEvents {
  /** The first connection is there. */
  open: Event;
  /** A later connection is there. The API knows nothing of the earlier one: send the context again. */
  reconnect: Event;
  message: Event & { data: any };
  /** It stays closed. Fired once; there is no `error` event. */
  close: VoiceCloseEvent;
}

/**
 * A WebSocket that connects again after 1001, 1006, 1011, 1012 and 1013: after 0.25 to 0.5 s, doubling to 16 s, up to eight
 * times in a row; a connection that lasted 10 s begins a new row. Any other code ends it, and so does
 * want of the grant (`info.grants`). After 1008, or when a connection was refused, GET /session is asked; when the session is
 * over, `problem` says why.
 */
export interface VoiceSocket extends EventTarget {
  /** 0 while connecting, also again; 1 open; 2 closing; 3 closed for good. */
  readonly readyState: 0 | 1 | 2 | 3;
  /** The connection of now or the last one, for `bufferedAmount`, `protocol` or, in each `open`, `binaryType`. */
  readonly inner?: WebSocket;
  /** Throws unless open: nothing is queued, since what was said before a reconnect may make no sense after it. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void;
  close(code?: number, reason?: string): void;
  addEventListener<K extends keyof VoiceSocketEvents>(
    type: K, listener: (event: VoiceSocketEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof VoiceSocketEvents>(
    type: K, listener: (event: VoiceSocketEvents[K]) => void, options?: boolean | EventListenerOptions): void;
}

export interface Session {
  /** As the gateway told it last. */
  readonly info: SessionInfo;
  /**
   * The page's fetch with the session's cookie, after a refresh in flight. A 401 `token_expired` is followed by one refresh
   * and one more try, unless the body is a stream. Fits the official client: `new Cartesia({ fetch: voice.fetch, … })`.
   */
  fetch(path: string | URL, init?: RequestInit): Promise<Response>;
  /** `path` may have a query. */
  socket(path: string | URL, protocols?: string | string[]): VoiceSocket;
  /** All callers share one request. Rejects with a `Problem`. */
  refresh(): Promise<SessionInfo>;
  /** Signs out; no socket connects again (1008). Open ones are for the page to close. Rejects if the gateway was not told. */
  close(): Promise<void>;
}

/**
 * Opens a session and refreshes it until it ends: at `refresh_after` and up to a tenth later, when the page is shown or
 * online again and that time has passed, and 5 to 20 s after a refresh that failed otherwise than with 401. Each tab
 * refreshes for itself. Waits are measured from the answer's `Date`, so the page's clock may be wrong; without `Date`, and on another
 * origin that does not expose it, the page's clock counts, and a refresh comes at most each 5 s.
 *
 * Rejects with a `Problem` when no session could be opened; `onend` is not called then.
 */
export function openSession(options?: Options): Promise<Session>;
