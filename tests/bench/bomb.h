/* Streams made to cost: each event is lawful in form and draws on what detectors have to look through. Shapes
 * as in shape.h. */
#ifndef JIANDU_TESTS_BENCH_BOMB_H
#define JIANDU_TESTS_BENCH_BOMB_H

#include "tests/bench/shape.h"

shape_write bomb_device;  /* everybody on one device */
shape_write bomb_waybill; /* every parcel under one number */
shape_write bomb_account; /* one account on ever new devices, phones and addresses */
shape_write bomb_star;    /* money between one account and everybody else */
shape_write bomb_clique;  /* money from each of 128 accounts to each */
shape_write bomb_web;     /* devices that share some of their many units with each other */
shape_write bomb_ladder;  /* devices that share all of their units but one with the next */

#endif
