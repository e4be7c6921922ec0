// What failed in a run of tests: `node .ci/failures.mjs RESULTS.json` prints the files, one a line, on standard output and each
// failure's name and first lines on standard error. Ends with 3 where the oracle of the end-to-end tests disagreed with the gate,
// or where the results cannot be read.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

let results;
try {
  results = JSON.parse(readFileSync(process.argv[2], "utf8"));
} catch (error) {
  console.error(`no results: ${error.message}`);
  process.exit(3);
}

let grave = false;
for (const file of results.testResults) {
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  if (failed.length === 0 && file.status !== "failed") continue;
  const name = relative(process.cwd(), file.name);
  console.log(name);
  const messages =
    failed.length === 0
      ? [[name, file.message ?? ""]]
      : failed.map(({ fullName, failureMessages }) => [
          `${name}: ${fullName}`,
          failureMessages.join("\n"),
        ]);
  for (const [what, message] of messages) {
    grave ||= message.includes("The oracle differs");
    console.error(`${what}\n${message.split("\n").slice(0, 12).join("\n")}\n`);
  }
}
process.exit(grave ? 3 : 0);
