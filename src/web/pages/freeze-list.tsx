import type { FreezeView } from "#flow/pages/freezes.ts";
import { Ago, Label } from "../layout/parts.tsx";

export const FreezeItems = ({
  freezes,
  now,
  action,
}: {
  readonly freezes: readonly FreezeView[];
  readonly now: number;
  /** What can be done about one. */
  readonly action?: (freeze: FreezeView) => unknown;
}) => (
  <ul class="list">
    {freezes.map((freeze) => (
      <li>
        <h3>
          <Label of={freeze.isOn ? "On" : "To come"} /> {freeze.name} · {freeze.environment}
        </h3>
        <p class="muted small">
          {freeze.where}
          {freeze.by === null ? ", by the policy" : `, by @${freeze.by}`}
          {freeze.from === null ? null : (
            <>
              , from <Ago at={freeze.from} now={now} />
            </>
          )}
          {freeze.until === null ? (
            freeze.by === null ? null : (
              ", until somebody ends it"
            )
          ) : (
            <>
              , until <Ago at={freeze.until} now={now} />
            </>
          )}
        </p>
        {freeze.reason === "" ? null : <p>{freeze.reason}</p>}
        {action === undefined ? null : action(freeze)}
      </li>
    ))}
  </ul>
);
