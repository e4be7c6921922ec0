import { waitsAtMostMs } from "#core/deployments/longest-wait.ts";

/** So long before that, somebody is told. */
export const alarmBeforeMs = 86_400_000;

/** When GitHub gives up on a deployment that was asked for at this instant. */
export const expiresAt = (requestedAt: number): number => requestedAt + waitsAtMostMs;
