#!lua name=jiandu
-- What jiandud asks Redis to do in one piece. Redis does not roll a function back, so each checks everything
-- first and writes last, and what it writes before an interruption does no harm when it is asked again.

local VERSION = 2

local function owns(owner, token)
  return redis.call('GET', owner) == token
end

-- KEYS owner, progress, standby, handover
-- ARGV instance, lease ms, nonce, first position, first count read, hash of what is detected
-- Takes the lease. The token is a counter, so that people see who came later, and a nonce, because the counter
-- itself may go back when Redis loses its tail.
local function acquire(keys, args)
  if redis.call('EXISTS', keys[1]) == 1 then
    return redis.error_reply('HELD ' .. redis.call('PTTL', keys[1]))
  end
  redis.call('HSETNX', keys[2], 'pos', args[4])
  redis.call('HSETNX', keys[2], 'read', args[5])
  local token = redis.call('HINCRBY', keys[2], 'epoch', 1) .. ':' .. args[3]
  redis.call('HSET', keys[2], 'holder', args[1])
  if redis.call('HGET', keys[2], 'config') ~= args[6] then
    redis.call('HSET', keys[2], 'config', args[6], 'config_from', redis.call('HGET', keys[2], 'pos'))
  end
  redis.call('HDEL', keys[3], args[1])
  redis.call('DEL', keys[4])
  redis.call('SET', keys[1], token, 'PX', args[2])
  return token
end

-- KEYS owner   ARGV token, lease ms
local function renew(keys, args)
  if not owns(keys[1], args[1]) then
    return redis.error_reply('FENCED another instance holds the lease')
  end
  return redis.call('PEXPIRE', keys[1], args[2])
end

-- KEYS owner   ARGV token
local function release(keys, args)
  if not owns(keys[1], args[1]) then
    return 0
  end
  return redis.call('DEL', keys[1])
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- KEYS standby   ARGV instance, ms that this counts for, what it says of itself (JSON)
-- Says that an instance stands by; those who have not said so for too long are forgotten.
local function stand_by(keys, args)
  local all = redis.call('HGETALL', keys[1])
  for i = 1, #all, 2 do
    if (tonumber(string.match(all[i + 1], '^%d+')) or 0) < now() then
      redis.call('HDEL', keys[1], all[i])
    end
  end
  redis.call('HSET', keys[1], args[1], string.format('%.0f %s', now() + args[2], args[3]))
  return redis.call('PEXPIRE', keys[1], args[2])
end

-- KEYS owner, progress, standby, handover   ARGV who asks, ms that the request stands
-- Asks the leader to hand over, if somebody is there who can take over at once. Returns who leads now.
local function handover(keys, args)
  if redis.call('EXISTS', keys[1]) == 0 then
    return redis.error_reply('NOLEADER nobody holds the lease')
  end
  local config, why = redis.call('HGET', keys[2], 'config'), 'no instance stands by'
  local all = redis.call('HGETALL', keys[3])
  for i = 1, #all, 2 do
    local till, text = string.match(all[i + 1], '^(%d+) (.*)$')
    local good, says = pcall(cjson.decode, text or '')
    if good and tonumber(till) >= now() then
      if says.config ~= config then
        why = all[i] .. ' stands by with another configuration'
      elseif says.state ~= 'warm' then
        why = all[i] .. ' stands by, but is ' .. tostring(says.state)
      else
        redis.call('SET', keys[4], args[1], 'PX', args[2])
        return redis.call('HGET', keys[2], 'holder')
      end
    end
  end
  return redis.error_reply('NOSTANDBY ' .. why)
end

local function has_group(events, group)
  local groups = redis.pcall('XINFO', 'GROUPS', events)
  if groups.err then
    return nil
  end
  for _, g in ipairs(groups) do
    if g[2] == group then
      return true
    end
  end
  return false
end

local function same(entry, args, first, count)
  if not entry or #entry[2] ~= count then
    return false
  end
  for j = 1, count do
    if entry[2][j] ~= args[first + j - 1] then
      return false
    end
  end
  return true
end

-- One output at args[i]: index of its key, id, length to keep (0: all), count of fields and values, these.
-- Returns where the next one begins, whether it was there before, and an error.
local function publish(keys, args, i)
  local key, id, keep, count = keys[tonumber(args[i])], args[i + 1], args[i + 2], tonumber(args[i + 3])
  local command = {'XADD', key}
  if keep ~= '0' then
    command[3], command[4], command[5] = 'MAXLEN', '~', keep
  end
  command[#command + 1] = id
  for j = 1, count do
    command[#command + 1] = args[i + 3 + j]
  end
  if not redis.pcall(unpack(command)).err then
    return i + 4 + count, 0
  end
  -- the id is taken or has been passed: the same content means that it was published before
  if same(redis.call('XRANGE', key, id, id)[1], args, i + 4, count) then
    return i + 4 + count, 1
  end
  return nil, nil, 'ALERTCLASH ' .. key .. ' ' .. id
end

-- KEYS events, progress, owner, output streams...
-- ARGV group, token, old position, new position, count read, lease ms,
--      n, n times (progress field, value), m, m times an output as in publish()
local function commit(keys, args)
  local group, token, old, new, read = args[1], args[2], args[3], args[4], args[5]
  if not owns(keys[3], token) then
    return redis.error_reply('FENCED another instance holds the lease')
  end
  local pos = redis.call('HGET', keys[2], 'pos')
  if pos ~= old then
    if pos == new then
      return redis.status_reply('DUP')
    end
    return redis.error_reply('POSMISMATCH ' .. tostring(pos))
  end
  local found = has_group(keys[1], group)
  if found == nil then
    return redis.error_reply('NOSTREAM ' .. keys[1])
  elseif not found then
    return redis.error_reply('NOGRP ' .. group)
  end
  for k = 4, #keys do
    local kind = redis.call('TYPE', keys[k]).ok
    if kind ~= 'stream' and kind ~= 'none' then
      return redis.error_reply('WRONGKEY ' .. keys[k] .. ' is a ' .. kind .. ', not a stream')
    end
  end
  local progress = {'HSET', keys[2], 'pos', new, 'read', read}
  local i = 8
  for _ = 1, tonumber(args[7]) do
    progress[#progress + 1] = args[i]
    progress[#progress + 1] = args[i + 1]
    i = i + 2
  end
  local outputs, republished = tonumber(args[i]), 0
  i = i + 1
  for _ = 1, outputs do
    local next, again, problem = publish(keys, args, i)
    if problem then
      return redis.error_reply(problem)
    end
    i, republished = next, republished + again
  end
  if republished > 0 then
    redis.call('HINCRBY', keys[2], 'republished', republished)
  end
  redis.call(unpack(progress))
  redis.call('XGROUP', 'SETID', keys[1], group, new, 'ENTRIESREAD', read)
  redis.call('PEXPIRE', keys[3], args[6])
  return redis.status_reply('OK')
end

-- allow-oom: alerts still go out while Redis refuses its producers
redis.register_function{function_name = 'jiandu_acquire', callback = acquire, flags = {'allow-oom'}}
redis.register_function{function_name = 'jiandu_renew', callback = renew, flags = {'allow-oom'}}
redis.register_function{function_name = 'jiandu_release', callback = release, flags = {'allow-oom'}}
redis.register_function{function_name = 'jiandu_stand_by', callback = stand_by, flags = {'allow-oom'}}
redis.register_function{function_name = 'jiandu_handover', callback = handover, flags = {'allow-oom'}}
redis.register_function{function_name = 'jiandu_commit', callback = commit, flags = {'allow-oom'}}
redis.register_function{
  function_name = 'jiandu_version',
  callback = function() return VERSION end,
  flags = {'no-writes', 'allow-stale'}
}
