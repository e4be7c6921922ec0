/**
 * By how many times a limit of a test is longer than on a quiet machine. Limits are there so that a fault ends the run; they
 * are no measurements, and a machine that is busy with other things is slow without a fault. TEST_PATIENCE=1 is strict.
 */
export const patience = Number(process.env["TEST_PATIENCE"] ?? 3);
