-- Overwrite records by graves and drop their digests. KEYS[1] scope; ARGV: incarnation, then digest, token, grave.
if redis.call('HGET', KEYS[1], 'i') ~= ARGV[1] then return 0 end
for at = 2, #ARGV, 3 do
  redis.call('HDEL', KEYS[1], 'v:' .. ARGV[at])
  redis.call('HSET', KEYS[1], 't:' .. ARGV[at + 1], ARGV[at + 2])
end
redis.call('HINCRBY', KEYS[1], 'r', 1)
return 1
