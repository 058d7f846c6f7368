-- Give a scope, whole or with the records of some tokens only, and move its idle expiry on.
-- KEYS[1] scope; ARGV: idle seconds, maximum seconds (both '' = leave the expiry), and 'all' and the
-- number of fields beyond which only the scope's own are given ('' = none), or 'some' and tokens.
-- The expiry is moved in steps of a hundredth of the idle time, so that most looks write nothing to the disk.
local key, idle, maximum = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local created = redis.call('HGET', key, 'c')
if not created then return {} end
if idle then
  local now = tonumber(redis.call('TIME')[1])
  local left = math.max(1, math.floor(math.min(idle, tonumber(created) + maximum - now)))
  local before = redis.call('PTTL', key) / 1000
  if before < left - idle / 100 or before > left + 1 then redis.call('EXPIRE', key, left) end
end
local all = ARGV[3] == 'all'
if all and (ARGV[4] == '' or redis.call('HLEN', key) <= tonumber(ARGV[4])) then return redis.call('HGETALL', key) end
local answer = {}
for _, name in ipairs({'i', 'd', 'r', 'c'}) do
  answer[#answer + 1] = name
  answer[#answer + 1] = redis.call('HGET', key, name)
end
for at = 4, all and 3 or #ARGV do
  local record = redis.call('HGET', key, 't:' .. ARGV[at])
  if record then
    answer[#answer + 1] = 't:' .. ARGV[at]
    answer[#answer + 1] = record
  end
end
return answer
