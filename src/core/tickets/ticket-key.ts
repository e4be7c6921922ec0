/** The key of the issue about one finding. */
export const ticketKey = (fingerprint: string): string => `finding:${fingerprint}`;
