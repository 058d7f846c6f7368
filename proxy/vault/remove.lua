-- Erase a scope and give the number of values it held.
-- KEYS[1] scope; ARGV: length up to which a record is a grave, incarnation ('' = whichever).
local held, values = redis.call('HGETALL', KEYS[1]), 0
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'i') ~= ARGV[2] then return 0 end
for at = 1, #held, 2 do
  if string.sub(held[at], 1, 2) == 't:' and #held[at + 1] > tonumber(ARGV[1]) then values = values + 1 end
end
redis.call('DEL', KEYS[1])
return values
