# The figures, read twice, as a table on standard output and as JSON in the file `json`.
BEGIN { FS = "\t" }
NR == FNR { value[$1] = $2; words[$1] = $4; next }
$1 == "-" { printf "\n%s\n", $4; next }
{
    name = words[$5]
    sub(/^ +/, "", name)
    ratio = ""
    if ($5 != "-" && $5 != $1 && value[$5] > 0)
        ratio = sprintf("%.2f", $2 / value[$5])
    printf "  %-58s %12s %-9s %s\n", $4, $2, $3, (ratio == "" ? "" : ratio " of " name) (($6 == "-") ? "" : (ratio == "" ? "" : "; ") "limited by " $6)
    flat = flat sprintf(",\n  \"%s\": %s", $1, $2)
    text = $4
    sub(/^ +/, "", text)
    list = list sprintf("%s\n    {\"key\": \"%s\", \"value\": %s, \"unit\": \"%s\", \"what\": \"%s\", \"ceiling\": %s, \"ratio\": %s, \"limit\": %s}", \
        (list == "" ? "" : ","), $1, $2, $3, text, ratio == "" ? "null" : "\"" $5 "\"", ratio == "" ? "null" : ratio, $6 == "-" ? "null" : "\"" $6 "\"")
}
END { printf "{\n  \"figures\": [%s\n  ]%s\n}\n", list, flat >json }
