import type { TimelineItem } from "#flow/pages/timeline.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import { Label, Time } from "../layout/parts.tsx";

/** Entries of the audit log, newest first. */
export const Timeline = ({
  items,
  current,
}: {
  readonly items: readonly TimelineItem[];
  readonly current?: number;
}) => (
  <ol class="timeline" reversed>
    {items.map((item) => (
      <li {...(item.seq === current ? { "aria-current": "true" } : {})}>
        <span class="small muted">
          <Time at={item.at} />
          {item.actor === null ? null : <> · @{item.actor}</>}
          {item.seq === current ? " · this decision" : null}
        </span>
        <br />
        {item.answer === null ? (
          item.title
        ) : (
          <>
            <Label of={item.answer} />{" "}
            <a href={decisionPath(item.seq)}>{item.title === "" ? "decision" : item.title}</a>
            {item.differs.length === 0 ? null : (
              <>
                <br />
                <span class="small muted">Differs: {item.differs.join("; ")}</span>
              </>
            )}
          </>
        )}
      </li>
    ))}
  </ol>
);
