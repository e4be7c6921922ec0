/** A check that a branch requires. `app` null: a check of that name from anybody will do (threat T3). */
export interface RequiredCheck {
  readonly context: string;
  readonly app: number | null;
}
