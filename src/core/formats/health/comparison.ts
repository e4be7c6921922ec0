/** What a measured value has to keep to. */
export interface Comparison {
  readonly operator: "<" | "<=" | ">" | ">=" | "==" | "!=";
  readonly to: number;
}

const shape =
  /^\s*(<=|>=|==|!=|<|>|=)\s*([+-]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,3})?)\s*$/;

/** undefined: not a comparison with a number. */
export function parseComparison(text: string): Comparison | undefined {
  const [, written, figure] = shape.exec(text) ?? [];
  const to = Number(figure);
  if (figure === undefined || !Number.isFinite(to)) return undefined;
  switch (written) {
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "==":
    case "!=":
      return { operator: written, to };
    case "=":
      return { operator: "==", to };
    default:
      return undefined;
  }
}

export const comparisonText = ({ operator, to }: Comparison): string => `${operator} ${to}`;

/** What is no finite number keeps to nothing, `!=` included. */
export function keepsTo({ operator, to }: Comparison, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  switch (operator) {
    case "<":
      return value < to;
    case "<=":
      return value <= to;
    case ">":
      return value > to;
    case ">=":
      return value >= to;
    case "==":
      return value === to;
    case "!=":
      return value !== to;
  }
}

/** Of several values the one that says most about whether all keep to it. */
export function worstOf(comparison: Comparison, values: readonly number[]): number | undefined {
  const { operator, to } = comparison;
  const badness = (value: number): number => {
    switch (operator) {
      case "<":
      case "<=":
        return value;
      case ">":
      case ">=":
        return -value;
      case "==":
        return Math.abs(value - to);
      case "!=":
        return -Math.abs(value - to);
    }
  };
  return values.reduce<number | undefined>(
    (worst, value) => (worst === undefined || badness(value) > badness(worst) ? value : worst),
    undefined,
  );
}
