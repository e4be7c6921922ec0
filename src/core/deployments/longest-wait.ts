/** GitHub fails a job that has waited this long (docs.github.com, reviewing deployments). */
export const waitsAtMostMs = 30 * 86_400_000;
