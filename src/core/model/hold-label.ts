/** `do-not-merge` and everything under it, as Prow and others write it. */
export const isHoldLabel = (label: string): boolean => /^do-not-merge(?:\/|$)/i.test(label);
