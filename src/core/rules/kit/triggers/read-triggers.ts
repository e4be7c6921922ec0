import { isMap, isScalar, isSeq, type Document, type YAMLMap } from "yaml";
import {
  testingEvents,
  type EventFilter,
  type TestingEvent,
  type Triggers,
} from "#core/facts/reporting.ts";
import { keyOf, mapAt, openWorkflow, resolved, valueOf } from "../../pinned-actions/uses.ts";

const isTesting = (event: unknown): event is TestingEvent =>
  testingEvents.some((one) => one === event);

/** What of the events that test a change starts a workflow. The text may come from the change: hostile. */
export function triggersOf(text: string): Triggers {
  const opened = openWorkflow(text);
  if (!opened.ok) return "unreadable";
  const { document } = opened;
  const on = resolved(valueOf(mapAt(document.contents, document), "on", document), document);
  if (isScalar(on)) return isTesting(on.value) ? { [on.value]: {} } : {};
  if (isSeq(on))
    return Object.fromEntries(
      on.items.flatMap((item) => {
        const each = resolved(item, document);
        return isScalar(each) && isTesting(each.value) ? [[each.value, {}]] : [];
      }),
    );
  if (!isMap(on)) return "unreadable";
  return Object.fromEntries(
    on.items.flatMap((pair) => {
      const event = keyOf(pair.key, document);
      return isTesting(event) ? [[event, filterOf(mapAt(pair.value, document), document)]] : [];
    }),
  );
}

function filterOf(map: YAMLMap | null, document: Document): EventFilter {
  const list = (key: string): readonly string[] | undefined => {
    const node = resolved(valueOf(map, key, document), document);
    if (isScalar(node) && node.value !== null) return [String(node.value)];
    if (!isSeq(node)) return undefined;
    return node.items.flatMap((item) => {
      const each = resolved(item, document);
      return isScalar(each) ? [String(each.value)] : [];
    });
  };
  const lists = {
    branches: list("branches"),
    branchesIgnore: list("branches-ignore"),
    tags: list("tags") ?? list("tags-ignore"),
    paths: list("paths"),
    pathsIgnore: list("paths-ignore"),
    types: list("types"),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, value]) => value !== undefined));
}
