-- Put another incarnation in the place of a scope, unless it changed; its age and expiry stay.
-- KEYS[1] scope; ARGV: incarnation and revision as seen, new incarnation, new DEK, then digest ('' = grave), token,
-- record for each row.
local key = KEYS[1]
local held, ttl = redis.call('HMGET', key, 'i', 'r', 'c'), redis.call('PTTL', key)
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end
redis.call('DEL', key)
redis.call('HSET', key, 'i', ARGV[3], 'd', ARGV[4], 'r', tonumber(held[2]) + 1, 'c', held[3])
for at = 5, #ARGV, 3 do
  if ARGV[at] ~= '' then redis.call('HSET', key, 'v:' .. ARGV[at], ARGV[at + 1]) end
  redis.call('HSET', key, 't:' .. ARGV[at + 1], ARGV[at + 2])
end
if ttl > 0 then redis.call('PEXPIRE', key, ttl) end
return 1
