-- Put a rewrapped DEK in the place of the old one, unless the scope changed. KEYS[1] scope; ARGV: incarnation, old, new.
local held = redis.call('HMGET', KEYS[1], 'i', 'd')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'd', ARGV[3])
return 1
