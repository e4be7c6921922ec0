/** GitHub fails a job that has waited this long (docs.github.com, reviewing deployments). */
export const waitsAtMostMs = 30 * 86_400_000;

/** So long before that, somebody is told. */
export const alarmBeforeMs = 86_400_000;

/** When GitHub gives up on a deployment that was asked for at this instant. */
export const expiresAt = (requestedAt: number): number => requestedAt + waitsAtMostMs;
