/** Our own check runs never count as somebody's check: they would wait for themselves. */
export function isOwnCheck(name: string): boolean {
  return name === "gatehouse" || name.startsWith("gatehouse / ");
}
