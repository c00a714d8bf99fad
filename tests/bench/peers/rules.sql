-- The three rules as a batch over window queries. :file is the CSV.
\set ON_ERROR_STOP on
SET max_parallel_workers_per_gather = 0;
CREATE UNLOGGED TABLE e (type text, t bigint, account text, unit text, device text, ord text, supplier text, amount bigint);
COPY e FROM :'file' WITH (DELIMITER ' ');
SELECT 'a', count(*) FROM (SELECT array_agg(device) OVER w AS d FROM e WHERE type <> 'receipt'
    WINDOW w AS (PARTITION BY account ORDER BY t RANGE BETWEEN 3600000 PRECEDING AND CURRENT ROW)) s
    WHERE cardinality(d) > 4 AND (SELECT count(DISTINCT x) FROM unnest(d) x) > 4;
SELECT 'b', count(*) FROM (SELECT array_agg(unit) OVER w AS u FROM e WHERE type <> 'receipt'
    WINDOW w AS (PARTITION BY device ORDER BY t RANGE BETWEEN 86400000 PRECEDING AND CURRENT ROW)) s
    WHERE cardinality(u) > 2 AND (SELECT count(DISTINCT x) FROM unnest(u) x) > 2;
SELECT 'c1', count(*) FROM (SELECT count(*) OVER w AS n FROM e WHERE type = 'order'
    WINDOW w AS (PARTITION BY account, supplier, amount ORDER BY t RANGE BETWEEN 86400000 PRECEDING AND CURRENT ROW)) s WHERE n > 5;
SELECT 'c2', count(*) FROM e r JOIN e o ON o.ord = r.ord AND o.type = 'order'
    WHERE r.type = 'receipt' AND r.t - o.t BETWEEN 0 AND 59999;
SELECT 'rss', (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+)'))[1];
