# Conditional mean imputation with the jackknife (Wolbers and colleagues 2022), written anew over nlme's generalised least squares:
# at random, jump to reference, copy reference, copy increments; analysis of covariance of the last visit.
source("put.R")
suppressMessages(library(nlme))
w <- read.csv("../../data/trial.csv", stringsAsFactors = FALSE); w$arm <- factor(w$arm, c("placebo", "ketamine"))
visits <- c("week1", "week2", "week4", "week8")
long <- do.call(rbind, lapply(1:4, function(k) data.frame(id = w$id, arm = w$arm, base = w$base, k = k, y = w[[visits[k]]]))); long$visit <- factor(long$k); long <- long[order(long$id, long$k), ]
ctl <- glsControl(tolerance = 1e-11, msTol = 1e-11, maxIter = 500, msMaxIter = 500, returnObject = TRUE)
estimate <- function(ids, how) {
  l <- long[long$id %in% ids, ]; d <- w[w$id %in% ids, ]
  f <- gls(y ~ arm * visit + base * visit, l, correlation = corSymm(form = ~ k | id), weights = varIdent(form = ~ 1 | visit), na.action = na.omit, method = "REML", control = ctl)
  S <- as.matrix(getVarCov(f, individual = names(which(tapply(!is.na(l$y), l$id, all)))[1])); class(S) <- "matrix"
  own <- function(a, b) predict(f, data.frame(arm = factor(a, levels(w$arm)), base = b, visit = factor(1:4)))
  y <- sapply(seq_len(nrow(d)), function(i) { a <- unlist(d[i, visits]); if (!is.na(a[4])) return(a[4])
    o <- which(!is.na(a)); last <- if (length(o)) max(o) else 0; m <- own(d$arm[i], d$base[i]); r <- own("placebo", d$base[i])
    if (d$arm[i] == "ketamine") m <- switch(how, mar = m, jr = ifelse(1:4 > last, r, m), cr = r, cir = if (last == 0) r else ifelse(1:4 > last, r + (m[last] - r[last]), m))
    if (!length(o)) return(m[4]); m[4] + S[4, o] %*% solve(S[o, o]) %*% (a[o] - m[o]) })
  coef(lm(y ~ arm + base, d))["armketamine"]
}
for (how in c("mar", "jr", "cr", "cir")) put(paste0(how, ".value"), estimate(w$id, how))
for (how in c("mar", "jr")) { j <- sapply(w$id, function(i) estimate(setdiff(w$id, i), how)); put(paste0(how, ".se"), sqrt(119 / 120 * sum((j - mean(j))^2))) }
finish("missing.csv", "nlme")
