export interface AuditTable {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  /** Canonical JSON. */
  readonly detail: string;
  readonly hash: string;
}

export interface AuditHeadTable {
  readonly id: number;
  readonly seq: number;
  readonly hash: string;
}
