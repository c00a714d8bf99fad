# Rate by the number of tracked records. data and out are given.
set terminal svg size 640,400 dynamic background rgb 'white'
set output out
set logscale x
set yrange [0:*]
set format x '%.0s%c'
set format y '%.0f'
set grid
set xlabel 'records in all tables'
set ylabel 'thousand events a second, decoding and detection, one core'
plot data using 1:($2 / 1000) with linespoints lw 2 pt 7 notitle
