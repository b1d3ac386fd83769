# Writes named values as "name,value" with 15 digits, under one line that says which program gave them.
values <- character(0)
put <- function(name, x) for (i in seq_along(x)) values <<- c(values, sprintf("%s%s,%.15g", name, if (length(x) > 1) paste0(".", i) else "", x[[i]]))
finish <- function(file, packages) {
  versions <- vapply(packages, function(p) paste(p, as.character(packageVersion(p))), "")
  writeLines(c(paste0("# ", R.version.string, if (length(packages)) paste0("; ", paste(versions, collapse = ", ")) else "", "; ", sub("csv$", "R", file)), values), file)
}
