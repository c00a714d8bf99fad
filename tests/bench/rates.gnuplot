# The bare drain and the live daemon, by form and socket. data and out are given.
set terminal svg size 640,400 dynamic background rgb 'white'
set output out
set style data histograms
set style fill solid 0.8
set yrange [0:*]
set format y '%.0f'
set grid ytics
set key top left
set ylabel 'thousand events a second'
plot data using ($3 / 1000):xtic(stringcolumn(1).' '.stringcolumn(2)) title 'bare drain', '' using ($4 / 1000) title 'live, all detectors'
