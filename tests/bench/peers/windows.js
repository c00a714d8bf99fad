// The windows of the three rules by hand: Maps in order of touch, so that what is too old lies in front.
'use strict';

const HOUR = 3600000, DAY = 24 * HOUR, MINUTE = 60000;

function touch(map, key, value) {
    map.delete(key);
    map.set(key, value);
}

function prune(map, age, oldest) {
    for (const [key, value] of map) {
        if (age(value) >= oldest) return;
        map.delete(key);
    }
}

// How many different members a key has had within a window.
class Distinct {
    constructor(window) {
        this.window = window;
        this.keys = new Map();
    }
    count(key, member, time) {
        let entry = this.keys.get(key);
        if (!entry) entry = { members: new Map(), last: time };
        entry.last = time;
        touch(this.keys, key, entry);
        touch(entry.members, member, time);
        prune(entry.members, (t) => t, time - this.window);
        prune(this.keys, (e) => e.last, time - this.window);
        return entry.members.size;
    }
}

class Repeats {
    constructor(window) {
        this.window = window;
        this.keys = new Map();
    }
    count(key, time) {
        const times = this.keys.get(key) || [];
        touch(this.keys, key, times);
        times.push(time);
        while (times[0] < time - this.window) times.shift();
        prune(this.keys, (t) => t[t.length - 1], time - this.window);
        return times.length;
    }
}

class Windows {
    constructor() {
        this.devices = new Distinct(HOUR);
        this.units = new Distinct(DAY);
        this.purchases = new Repeats(DAY);
        this.orders = new Map();
    }
    // What the rules need to know of an event; 0, or a very long time, where it does not apply.
    facts(e) {
        const time = Number(e.time), f = { devices: 0, units: 0, orders: 0, age: 1e15 };
        if (e.type !== 'receipt') {
            f.devices = this.devices.count(e.account, e.device, time);
            f.units = this.units.count(e.device, e.unit, time);
        }
        if (e.type === 'order') {
            f.orders = this.purchases.count(e.account + ' ' + e.supplier + ' ' + e.amount, time);
            touch(this.orders, e.order, time);
            prune(this.orders, (t) => t, time - MINUTE);
        }
        if (e.type === 'receipt') {
            const ordered = this.orders.get(e.order);
            if (ordered !== undefined) f.age = time - ordered;
        }
        return f;
    }
}

module.exports = { Windows };
