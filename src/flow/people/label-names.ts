/** The act by which somebody asked with a label. */
export const requestId = (
  repository: number,
  number: number,
  label: string,
  addedAt: number,
): string => `label:${repository}:${number}:${label.toLowerCase()}:${addedAt}`;

/** The section of the summary comment that is about a label. */
export const labelSection = (label: string): string => `label:${label.toLowerCase()}`;
