import type { WaitingView } from "#flow/pages/waiting.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import { environmentPath, repositoryPath } from "#core/record/repository-address.ts";
import { Ago, Label, OutLink, Words } from "../layout/parts.tsx";

const Item = ({ item, now }: { readonly item: WaitingView; readonly now: number }) => {
  const { subject, unmet } = item;
  return (
    <li>
      <h3>
        <Label of={item.answer} />{" "}
        <a href={decisionPath(item.id)}>
          {subject.label}
          <span class="hidden">: {item.title}</span>
        </a>
      </h3>
      <p>
        <Words of={item.title} />
      </p>
      {unmet.length === 0 ? null : (
        <ul>
          {unmet.map(({ name, need, next }) => (
            <li>
              <code>{name}</code>: <Words of={need} />{" "}
              {next === "" ? null : (
                <span class="muted">
                  <Words of={next} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <p class="small muted">
        Since <Ago at={item.since} now={now} />
        {item.by === null ? null : <>, by @{item.by}</>}
        {item.changesAt === null ? null : (
          <>
            ; may change by itself <Ago at={item.changesAt} now={now} />
          </>
        )}
        {" · "}
        <a href={repositoryPath(subject.repository)}>{subject.repository}</a>
        {subject.environment === null ? null : (
          <>
            {" · "}
            <a href={environmentPath(subject.repository, subject.environment)}>
              {subject.environment}
            </a>
          </>
        )}
        {" · "}
        <OutLink url={subject.url}>at GitHub</OutLink>
      </p>
    </li>
  );
};

export const WaitingItems = ({
  items,
  now,
}: {
  readonly items: readonly WaitingView[];
  readonly now: number;
}) => (
  <ul class="list">
    {items.map((item) => (
      <Item item={item} now={now} />
    ))}
  </ul>
);
