# Rate by the number of tracked records. data and out are given.
set terminal svg size 640,400 dynamic background rgb 'white'
set output out
set logscale x
set yrange [0:*]
set format x '10^{%L}'
set format y '%.0s%c'
set grid
set xlabel 'records in all tables'
set ylabel 'events a second, decoding and detection, one core'
plot data using 1:2 with linespoints lw 2 pt 7 notitle
