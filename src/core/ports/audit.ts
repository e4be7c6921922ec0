export interface AuditEntry {
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The last record of the log. Noted where nobody who rewrites the log can reach, it tells that it was rewritten. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** A place outside the database that keeps what was noted. */
export interface AuditAnchor {
  readonly note: (head: AuditHead & { readonly at: number }) => Promise<void>;
}

export interface AuditLog {
  readonly head: () => Promise<AuditHead>;
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>;
  /** Records the first time only that something is said under `key`; true then. */
  readonly appendOnce: (key: string, entries: readonly AuditEntry[]) => Promise<boolean>;
}
