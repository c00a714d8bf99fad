-- The three rules in Redis alone: sorted sets by time. ARGV type, time, account, unit, device, order, supplier, amount
local kind, time = ARGV[1], tonumber(ARGV[2])

local function distinct(key, member, window)
  redis.call('ZADD', key, time, member)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. (time - window))
  redis.call('PEXPIRE', key, window)
  return redis.call('ZCARD', key)
end

if kind ~= 'receipt' then
  if distinct('a:' .. ARGV[3], ARGV[5], 3600000) > 4 then redis.call('INCR', 'hits:a') end
  if distinct('b:' .. ARGV[5], ARGV[4], 86400000) > 2 then redis.call('INCR', 'hits:b') end
end
if kind == 'order' then
  local purchase = 'c1:' .. ARGV[3] .. ':' .. ARGV[7] .. ':' .. ARGV[8]
  if distinct(purchase, ARGV[6], 86400000) > 5 then redis.call('INCR', 'hits:c1') end
  redis.call('SET', 'c2:' .. ARGV[6], ARGV[2], 'PX', 600000)
elseif kind == 'receipt' then
  local ordered = redis.call('GET', 'c2:' .. ARGV[6])
  if ordered and time - tonumber(ordered) < 60000 then redis.call('INCR', 'hits:c2') end
end
