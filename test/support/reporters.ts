/** Besides what is printed, the results as JSON where TEST_RESULTS names a file: `.ci/run` reads from it what failed. */
const file = process.env["TEST_RESULTS"];

export const reporters: (string | [string, { outputFile: string }])[] =
  file === undefined ? ["default"] : ["default", ["json", { outputFile: file }]];
