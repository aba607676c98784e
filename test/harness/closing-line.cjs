// Ends a run with one plain line, and refuses a skipped test where everything must run.
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const mayNotSkip = process.env.CI === 'true' && numPendingTests > 0;
    if (mayNotSkip)
      this.error = new Error(`${numPendingTests} skipped, but under CI=true every test must run`);
    // After the default reporter's own summary.
    process.stdout.write(`\n${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
  }

  getLastError() {
    return this.error;
  }
};
