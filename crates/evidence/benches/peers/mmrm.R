# The same models on the same rows: Rscript mmrm.R rows.csv, after
# cargo run --release -p stillwater-evidence --example repeated_measures > rows.csv
# Prints the seconds and the REML deviance of each. mmrm is used where it is installed.
rows <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
rows <- rows[!is.na(rows$score), ]
timed <- function(name, fit, deviance) {
  seconds <- system.time(model <- fit())[["elapsed"]]
  cat(sprintf("%-28s %8.2f s   deviance %.4f\n", name, seconds, deviance(model)))
}
cat(R.version.string, "\n")
minus_two <- function(model) -2 * as.numeric(logLik(model))
if (requireNamespace("lme4", quietly = TRUE)) {
  cat("lme4", as.character(packageVersion("lme4")), "\n")
  timed("lme4 intercept and slope",
        function() lme4::lmer(score ~ baseline + arm * time + (time | person), rows), minus_two)
}
if (requireNamespace("mmrm", quietly = TRUE)) {
  cat("mmrm", as.character(packageVersion("mmrm")), "\n")
  timed("mmrm unstructured",
        function() mmrm::mmrm(score ~ baseline + arm * visit + us(visit | person), rows), minus_two)
}
if (requireNamespace("nlme", quietly = TRUE)) {
  cat("nlme", as.character(packageVersion("nlme")), "\n")
  timed("nlme compound symmetry", function() nlme::gls(score ~ baseline + arm * visit, rows,
    correlation = nlme::corCompSymm(form = ~ 1 | person)), minus_two)
  rows$at <- as.integer(rows$visit)
  timed("nlme AR(1)", function() nlme::gls(score ~ baseline + arm * visit, rows,
    correlation = nlme::corAR1(form = ~ at | person)), minus_two)
  if ("--slow" %in% commandArgs(TRUE)) {
    timed("nlme unstructured", function() nlme::gls(score ~ baseline + arm * visit, rows,
      correlation = nlme::corSymm(form = ~ at | person), weights = nlme::varIdent(form = ~ 1 | visit)), minus_two)
  }
}
