/** Joins the other processes over the same database under a lease holder's name; answers how to leave them. */
export type Companions = (joining: {
  readonly self: string;
  /** Something is due that any of them marked, or left behind. */
  readonly onWork: () => void;
  /** That many pieces of work were taken from processes that have ended. */
  readonly onFreed: (count: number) => void;
}) => Promise<() => Promise<void>>;

/** A file's processes look at it by themselves, every second. */
export const noCompanions: Companions = () => Promise.resolve(() => Promise.resolve());
