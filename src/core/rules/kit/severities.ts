/** Severities a policy may name, gravest first. */
export const severities = ["critical", "high", "medium", "low"] as const;
