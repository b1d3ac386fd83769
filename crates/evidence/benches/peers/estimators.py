"""The same work on the same rows with lifelines: python3 estimators.py FOLDER, after the example `estimators` has written them."""

import sys
import time

import lifelines
import pandas

rows = pandas.read_csv(f"{sys.argv[1]}/survival.csv")
print(f"lifelines {lifelines.__version__}")


def say(what, work, value):
    started = time.perf_counter()
    made = work()
    print(f"{what:<34}{time.perf_counter() - started:>9.3f} s   {value(made)}")


say("Kaplan-Meier, median", lambda: lifelines.KaplanMeierFitter().fit(rows.time, rows.event), lambda km: km.median_survival_time_)
first, second = rows[rows.arm == 0], rows[rows.arm == 1]
say(
    "log-rank, chi squared",
    lambda: lifelines.statistics.logrank_test(first.time, second.time, first.event, second.event),
    lambda found: f"{found.test_statistic:.6f}",
)
say(
    "Cox, Efron, coefficients",
    lambda: lifelines.CoxPHFitter().fit(rows, "time", "event"),
    lambda fit: " ".join(f"{one:.8f}" for one in fit.params_),
)
