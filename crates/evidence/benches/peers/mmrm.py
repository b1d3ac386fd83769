"""The same random intercept and slope on the same rows with statsmodels: python mmrm.py rows.csv

statsmodels has no model with a free covariance between visits, so only the mixed model is compared.
"""

import sys
import time

import pandas
import statsmodels
import statsmodels.formula.api as formula

rows = pandas.read_csv(sys.argv[1]).dropna(subset=["score"])
print("statsmodels", statsmodels.__version__)
start = time.perf_counter()
model = formula.mixedlm("score ~ baseline + C(arm) * time", rows, groups=rows["person"], re_formula="~time").fit(reml=True)
seconds = time.perf_counter() - start
print(f"intercept and slope {seconds:8.2f} s   deviance {-2 * model.llf:.4f}   converged {model.converged}")
