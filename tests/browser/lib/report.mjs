// Counts checks and prints one line for each.

/** A check that found something wrong; its message says what. */
export class CheckFailed extends Error {}

/** Throws with the given words unless the condition holds. */
export function ensure(condition, message) {
  if (!condition) throw new CheckFailed(message);
}

export class Report {
  passed = 0;
  failed = 0;

  constructor(print = (line) => console.log(line)) {
    this.print = print;
  }

  /** Prints and counts one check that is over. `problems` is empty if it passed. */
  close(name, problems, started) {
    const took = `${Math.round(performance.now() - started)} ms`;
    if (problems.length === 0) {
      this.passed += 1;
      this.print(`ok    ${name} (${took})`);
      return;
    }
    this.failed += 1;
    this.print(`FAIL  ${name} (${took})`);
    for (const problem of problems) this.print(`      ${problem.replaceAll("\n", "\n      ")}`);
  }

  /** The closing line. A run in which nothing was checked counts as a failure, since it proves nothing. */
  end() {
    if (this.passed + this.failed === 0) {
      this.failed = 1;
      this.print("FAIL  nothing was checked");
    }
    this.print(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }
}
