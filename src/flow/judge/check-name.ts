/** The check run that a branch rule requires. */
export const checkName = "gatehouse";
