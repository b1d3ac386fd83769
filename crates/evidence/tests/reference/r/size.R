# Sizes and looks.
source("put.R")
suppressMessages(library(rpact))
R <- matrix(0.25, 4, 4); diag(R) <- 1; ra <- c(1, 0.9, 0.8, 0.7)
need <- function(R, ra, rb, d, power) { v <- function(r) { I <- matrix(0, nrow(R), nrow(R)); p <- r - c(r[-1], 0); for (k in seq_along(p)) I[1:k, 1:k] <- I[1:k, 1:k] + p[k] * solve(R[1:k, 1:k, drop = FALSE]); solve(I)[nrow(R), nrow(R)] }
  (v(ra) + v(rb)) * (qnorm(0.975) + qnorm(power))^2 / d^2 }
put("mmrm.cs", need(R, ra, ra, 0.5, 0.8))
A <- 0.7^abs(outer(1:4, 1:4, "-")) * outer(c(10, 11, 12, 14), c(10, 11, 12, 14)); put("mmrm.ar1", need(A, c(1, .95, .9, .8), c(1, .9, .8, .65), 6, 0.9))
power.a <- function(n, d, rho) { df <- 2 * n - 3; pt(qt(0.975, df), df, d / sqrt(1 - rho^2) * sqrt(n / 2), lower.tail = FALSE) }
put("ancova.size", uniroot(function(n) power.a(n, 0.5, 0.6) - 0.8, c(3, 500), tol = 1e-10)$root); put("ancova.power", power.a(30, 0.6, 0.5))
for (k in c(3, 5)) for (type in c("OF", "P")) { g <- getDesignGroupSequential(kMax = k, typeOfDesign = type, alpha = 0.05, beta = 0.2, sided = 2, twoSidedPower = TRUE)
  put(sprintf("looks.%s.%d.z", type, k), g$criticalValues); put(sprintf("looks.%s.%d.inflation", type, k), getDesignCharacteristics(g)$inflationFactor) }
finish("size.csv", "rpact")
