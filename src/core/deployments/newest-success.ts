import type { DeploymentRow } from "#core/model/deployment.ts";

/** The deployment that succeeded last; null if none did. */
export const newestSuccess = (rows: readonly DeploymentRow[]): DeploymentRow | null =>
  rows.reduce<DeploymentRow | null>(
    (newest, row) =>
      row.succeededAt !== null && (newest === null || row.succeededAt > (newest.succeededAt ?? 0))
        ? row
        : newest,
    null,
  );
