/** A machine that is busy with other things is given more time, by as many times: TEST_PATIENCE=4. */
export const patience = Number(process.env["TEST_PATIENCE"] ?? 1);
