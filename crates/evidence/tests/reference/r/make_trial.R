# An artificial trial, made to test estimators: no person behind any row. R 4.2.2.
# Writes ../../data/trial.csv (one row per person), trial_long.csv (one per visit) and trial_intervals.csv (start-stop).
set.seed(20260114)
n <- 120
id <- sprintf("p%03d", 1:n)
arm <- rep(c("placebo", "ketamine"), length.out = n)[sample(n)]
site <- sample(c("east", "north", "west"), n, TRUE)
sex <- sample(c("female", "male"), n, TRUE)
age <- round(rnorm(n, 43, 11))
level <- rnorm(n, 0, 7)
base <- round(50 + 0.8 * level + rnorm(n, 0, 5))
weeks <- c(1, 2, 4, 8)
gain <- c(2, 4, 6, 7)
y <- sapply(1:4, function(k) round(50 + level - 2 - k - gain[k] * (arm == "ketamine") + 1.5 * (site == "north") + rnorm(n, 0, 5 + k)))
gone <- rep(5, n)
for (i in 1:n) for (k in 2:4) if (gone[i] == 5 && runif(1) < plogis(-3.4 + 0.04 * (y[i, k - 1] - 35))) gone[i] <- k
for (i in 1:n) for (k in 1:4) if (k >= gone[i]) y[i, k] <- NA
y[cbind(c(3, 17, 58), c(1, 2, 1))] <- NA
response <- ifelse(is.na(y[, 4]), NA, as.integer(base - y[, 4] >= 0.2 * base))
hazard <- 0.02 * exp(-0.6 * (arm == "ketamine") + 0.015 * (base - 50) + 0.3 * (site == "west"))
t1 <- rexp(n, hazard); t2 <- rexp(n, 0.006); t0 <- runif(n, 20, 130)
time <- ceiling(pmin(t1, t2, t0))
status <- ifelse(pmin(t1, t2, t0) == t1, 1, ifelse(pmin(t1, t2, t0) == t2, 2, 0))
cluster <- sprintf("g%02d", sample(1:24, n, TRUE))
sessions <- rpois(n, 6) + 1
nausea <- rpois(n, 0.35 * sessions * ifelse(arm == "ketamine", 1.5, 1))
wide <- data.frame(id, arm, site, sex, age, base, week1 = y[, 1], week2 = y[, 2], week4 = y[, 3], week8 = y[, 4],
  response, time, status, cluster, sessions, nausea)
write.csv(wide, "../../data/trial.csv", row.names = FALSE, quote = FALSE)
long <- do.call(rbind, lapply(1:4, function(k) data.frame(id, arm, site, sex, age, base, week = weeks[k], score = y[, k],
  better = ifelse(is.na(y[, k]), NA, as.integer(base - y[, k] >= 0.2 * base)))))
long <- long[order(long$id, long$week), ]
write.csv(long, "../../data/trial_long.csv", row.names = FALSE, quote = FALSE)
boost <- ceiling(runif(n, 5, 60))
rows <- do.call(rbind, lapply(1:n, function(i) {
  if (boost[i] < time[i]) data.frame(id = id[i], arm = arm[i], base = base[i], site = site[i], start = c(0, boost[i]), stop = c(boost[i], time[i]),
    relapse = c(0, as.integer(status[i] == 1)), boosted = c(0, 1))
  else data.frame(id = id[i], arm = arm[i], base = base[i], site = site[i], start = 0, stop = time[i], relapse = as.integer(status[i] == 1), boosted = 0)
}))
write.csv(rows, "../../data/trial_intervals.csv", row.names = FALSE, quote = FALSE)
print(table(gone)); print(table(status, arm)); print(table(response, arm, useNA = "a")); print(colMeans(y, na.rm = TRUE)); print(nrow(rows)); print(sum(duplicated(time)))
