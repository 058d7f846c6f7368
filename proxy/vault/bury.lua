-- Put graves in the place of records and take their values out of the index, unless the scope was resealed.
-- KEYS[1] scope; ARGV: incarnation as seen, then digest, token, grave for each row.
if redis.call('HGET', KEYS[1], 'i') ~= ARGV[1] then return 0 end
for at = 2, #ARGV, 3 do
  redis.call('HDEL', KEYS[1], 'v:' .. ARGV[at])
  redis.call('HSET', KEYS[1], 't:' .. ARGV[at + 1], ARGV[at + 2])
end
redis.call('HINCRBY', KEYS[1], 'r', 1)
return 1
