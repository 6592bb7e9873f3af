/** Sockets of one server; `cut`: those cut off since the start, by why. */
export interface SocketCounts {
  readonly open: number;
  readonly cut: { readonly slow: number; readonly silent: number; readonly memory: number };
}
