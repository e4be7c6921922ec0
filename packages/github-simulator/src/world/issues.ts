export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly userId: number;
  readonly content: string;
  readonly createdAt: number;
}

export interface Comment {
  readonly id: number;
  readonly authorId: number | null;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  editedAt: number | null;
  editorId: number | null;
  readonly viaAppId: number | null;
  readonly reactions: Reaction[];
}

/** One line of an issue's or pull request's timeline, in the words of the REST timeline. */
export interface TimelineEvent {
  readonly id: number;
  readonly event: string;
  readonly actorId: number | null;
  readonly createdAt: number;
  readonly label?: Label;
  /** The App through which the actor did it, where one did. */
  readonly viaAppId?: number;
  readonly assigneeId?: number;
  readonly before?: string;
  readonly after?: string;
  readonly previousBase?: string;
  readonly currentBase?: string;
  readonly rename?: { readonly from: string; readonly to: string };
  readonly reviewId?: number;
  readonly dismissalMessage?: string;
  readonly commitSha?: string;
}

/** An issue, or the issue half of a pull request. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | null;
  readonly authorId: number | null;
  labels: Label[];
  assigneeIds: number[];
  readonly comments: Comment[];
  readonly timeline: TimelineEvent[];
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  closedById: number | null;
  locked: boolean;
  readonly viaAppId: number | null;
  readonly isPull: boolean;
  editedAt: number | null;
  editorId: number | null;
  /** Every change of its body, oldest first. */
  readonly edits: { readonly at: number; readonly editorId: number }[];
  readonly reactions: Reaction[];
}
