/** Says in one line what is missing, before any test looks for it. */
export function setup(): void {
  if ((process.env["GATEHOUSE_CORPUS"] ?? "") !== "") return;
  console.error(
    "GATEHOUSE_CORPUS is not set: these tests read real input written by others, which is no part of this repository. Set it to the folder that holds it. `npm test` needs none of it.",
  );
  process.exit(2);
}
