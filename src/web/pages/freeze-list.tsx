import { span } from "#core/text/time.ts";
import type { FreezeView } from "#flow/pages/freezes.ts";
import { Label, Time } from "../layout/parts.tsx";

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
          <Label of={freeze.isOn ? "frozen" : "To come"} /> {freeze.name} · {freeze.environment}
        </h3>
        <p class="muted small">
          {freeze.where}
          {freeze.by === null ? ", by the policy" : `, by @${freeze.by}`}
          {freeze.from === null ? null : (
            <>
              , from <Time at={freeze.from} />
            </>
          )}
          {freeze.until === null ? (
            freeze.by === null ? null : (
              ", until somebody ends it"
            )
          ) : (
            <>
              , until <Time at={freeze.until} />
              {freeze.until > now ? ` (${span(freeze.until - now)} from now)` : null}
            </>
          )}
        </p>
        {freeze.reason === "" ? null : <p>{freeze.reason}</p>}
        {action === undefined ? null : action(freeze)}
      </li>
    ))}
  </ul>
);
