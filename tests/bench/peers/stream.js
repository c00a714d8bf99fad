// Reads a stream to its end and hands each event to a job.
//   node stream.js SOCKET KEY drain|maps|engine
// Prints events a second, peak RSS in KiB, and how often each rule held.
'use strict';

const Redis = require('ioredis');
const { Windows } = require('./windows.js');

function maps() {
    const windows = new Windows();
    return (e, hits) => {
        const f = windows.facts(e);
        if (f.devices > 4) hits.a++;
        if (f.units > 2) hits.b++;
        if (f.orders > 5) hits.c1++;
        if (f.age < 60000) hits.c2++;
    };
}

function engine() {
    const { Engine } = require('json-rules-engine');
    const windows = new Windows(), rules = new Engine();
    const rule = (type, fact, operator, value) =>
        rules.addRule({ conditions: { all: [{ fact, operator, value }] }, event: { type } });
    rule('a', 'devices', 'greaterThan', 4);
    rule('b', 'units', 'greaterThan', 2);
    rule('c1', 'orders', 'greaterThan', 5);
    rule('c2', 'age', 'lessThan', 60000);
    return async (e, hits) => {
        const { events } = await rules.run(windows.facts(e));
        for (const event of events) hits[event.type]++;
    };
}

function decode(fields) {
    if (fields[0] === 'data') return JSON.parse(fields[1]);
    const e = {};
    for (let i = 0; i < fields.length; i += 2) e[fields[i]] = fields[i + 1];
    return e;
}

async function main([path, key, name]) {
    const redis = new Redis({ path }), hits = { a: 0, b: 0, c1: 0, c2: 0 };
    const job = name === 'maps' ? maps() : name === 'engine' ? engine() : () => {};
    const async_job = name === 'engine';
    let last = '0-0', events = 0;
    await redis.ping();
    const started = process.hrtime.bigint();
    for (;;) {
        const reply = await redis.xread('COUNT', 1000, 'STREAMS', key, last);
        if (!reply) break;
        for (const [id, fields] of reply[0][1]) {
            const done = job(decode(fields), hits);
            if (async_job) await done;
            last = id;
            events++;
        }
    }
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    console.log(Math.round(events / seconds), process.resourceUsage().maxRSS, hits.a, hits.b, hits.c1, hits.c2);
    redis.disconnect();
}

main(process.argv.slice(2));
