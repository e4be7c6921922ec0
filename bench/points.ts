import { Kind, parse, type FragmentDefinitionNode, type SelectionSetNode } from "graphql";

/**
 * What GitHub charges for a query (docs.github.com, Rate limits and query limits for the GraphQL API): the number of
 * connections that have to be looked up, each parent's as often as its own list may be long, by hundreds; at least one.
 */
export function pointsOf(query: string): number {
  const document = parse(query);
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one.selectionSet]),
  );
  const lookUps = (set: SelectionSetNode | undefined, parents: number): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return sum + lookUps(fragments.get(selection.name.value), parents);
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return sum + lookUps(selection.selectionSet, parents);
      const size = selection.arguments?.find(({ name }) => /^(first|last)$/.test(name.value));
      const length = size?.value.kind === Kind.INT ? Number(size.value.value) : null;
      return length === null
        ? sum + lookUps(selection.selectionSet, parents)
        : sum + parents + lookUps(selection.selectionSet, parents * length);
    }, 0);
  const total = document.definitions.reduce(
    (sum, one) =>
      one.kind === Kind.OPERATION_DEFINITION ? sum + lookUps(one.selectionSet, 1) : sum,
    0,
  );
  return Math.max(1, Math.round(total / 100));
}
