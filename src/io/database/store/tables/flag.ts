/** Neither database of ours has booleans in common with the other. */
export type Flag = 0 | 1;
