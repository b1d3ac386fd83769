"""Two compartments, an infusion of 35 mg over 40 minutes, 100,000 people x 200 times: this crate beside NumPy's vectorised closed
form and SciPy's LSODA, in one run, with the outputs compared.

    cargo build --release -p stillwater-pharmacology --example two_compartment
    python3 crates/pharmacology/benches/peers/two_compartment.py target/release/examples/two_compartment

Needs numpy and scipy. LSODA solves 200 of the people and is told per person; all three get the same people from one formula.
"""

import subprocess
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp

PEOPLE, TIMES, CHECKED, DOSE, OVER = 100_000, 200, 200, 35.0, 40.0 / 60.0


def people(count):
    n = np.arange(1, count + 1, dtype=float)
    spread = lambda turn, by: np.exp(by * np.sin(n * turn))
    return 82 * spread(12.9898, 0.25), 72 * spread(78.233, 0.45), 140 * spread(37.719, 0.35), 148 * spread(4.898, 0.25)


def closed_form(cl, v1, q, v2, t):
    """Vectorised over people and times, as a careful user of NumPy writes it."""
    k10, k12, k21 = cl / v1, q / v1, q / v2
    total = k10 + k12 + k21
    root = np.sqrt(total * total - 4 * k10 * k21)
    out = np.zeros((len(cl), len(t)))
    during = np.minimum(t, OVER)
    after = t - during
    for rate, sign in (((total + root) / 2, 1.0), ((total - root) / 2, -1.0)):
        share = sign * (rate - k21) / root
        scale = (share * DOSE / OVER / rate / v1)[:, None]
        out += scale * -np.expm1(-rate[:, None] * during) * np.exp(-rate[:, None] * after)
    return out


def stepped(cl, v1, q, v2, t):
    """LSODA for one person, in two pieces, since a solver may step over the end of an infusion."""

    def slope(rate):
        def of(_, x):
            flow = q / v1 * x[0] - q / v2 * x[1]
            return [rate - cl / v1 * x[0] - flow, flow]

        return of

    settings = dict(method="LSODA", rtol=1e-9, atol=1e-11)
    first = solve_ivp(slope(DOSE / OVER), (0, OVER), [0.0, 0.0], t_eval=t[t <= OVER], **settings)
    at_end = solve_ivp(slope(DOSE / OVER), (0, OVER), [0.0, 0.0], t_eval=[OVER], **settings).y[:, -1]
    second = solve_ivp(slope(0.0), (OVER, t[-1]), at_end, t_eval=t[t > OVER], **settings)
    return np.concatenate([first.y[0], second.y[0]]) / v1


def median_seconds(work, times=5):
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return sorted(spent)[len(spent) // 2]


def main():
    ran = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout.split("\n")
    seconds = {int(line.split()[1]): float(line.split()[2]) for line in ran if line.startswith("seconds")}
    ours = np.array([float(line.split()[1]) for line in ran if line.startswith("level")]).reshape(CHECKED, TIMES)
    t = np.arange(1, TIMES + 1) * 2.4 / 60

    everybody = people(PEOPLE)
    few = [column[:CHECKED] for column in everybody]
    numpy_seconds = median_seconds(lambda: closed_form(*everybody, t))
    numpy_levels = closed_form(*few, t)

    started = time.perf_counter()
    lsoda_levels = np.array([stepped(*person, t) for person in zip(*few)])
    lsoda_each = (time.perf_counter() - started) / CHECKED

    apart = lambda other: float(np.max(np.abs(ours / other - 1)))
    numpy_apart, lsoda_apart = apart(numpy_levels), apart(lsoda_levels)
    each = {threads: spent / PEOPLE for threads, spent in seconds.items()}
    print(f"{PEOPLE} people x {TIMES} times; seconds are medians")
    print(f"{'':34}{'all, s':>10}{'one, us':>10}{'against ours, 1 core':>22}{'furthest apart':>16}")
    for threads, spent in seconds.items():
        print(f"{f'this crate, {threads} core(s)':34}{spent:>10.3f}{each[threads] * 1e6:>10.2f}")
    for name, one, far in (("NumPy, vectorised closed form", numpy_seconds / PEOPLE, numpy_apart), ("SciPy, LSODA (200 people)", lsoda_each, lsoda_apart)):
        print(f"{name:34}{one * PEOPLE:>10.3f}{one * 1e6:>10.2f}{one / each[1]:>21.1f}x{far:>16.1e}")
    if numpy_apart > 1e-6 or lsoda_apart > 1e-6:
        sys.exit("the outputs differ by more than 1e-6")


main()
