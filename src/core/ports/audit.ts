export interface AuditEntry {
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditLog {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>;
  /** Records the first time only that something is said under `key`; true then. */
  readonly appendOnce: (key: string, entries: readonly AuditEntry[]) => Promise<boolean>;
}
