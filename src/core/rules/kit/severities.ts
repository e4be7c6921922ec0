/** Severities a policy may name, gravest first. */
export const severities = ["critical", "high", "medium", "low"] as const;

export const severityMeanings: Readonly<Record<(typeof severities)[number], string>> = {
  critical: "A security-severity of 9.0 and more, or as the scanner says.",
  high: "7.0 to 8.9.",
  medium: "4.0 to 6.9.",
  low: "Below 4.0.",
};
