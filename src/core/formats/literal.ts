/** Whether a glob over names is plainly a name. */
export const isLiteral = (glob: string): boolean => !/[*?[\]{}()!+@|\\]/.test(glob);
