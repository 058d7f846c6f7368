-- Write all rows of a draft into a scope, or none, and say why not by giving the scope as it is.
-- KEYS[1] scope; ARGV: idle seconds, maximum seconds, incarnation, DEK ('' = the scope must exist), revision
-- ('' = rows need only not contradict), then digest, token, record for each row.
-- Fields: i incarnation, d DEK, r revision, c created, v:<digest> token, t:<token> record.
local key, idle, maximum = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local incarnation, dek, revision = ARGV[3], ARGV[4], ARGV[5]
local time = redis.call('TIME')
local now = tonumber(time[1])
local held = redis.call('HMGET', key, 'i', 'r', 'c')

local function touching()
  local fields, answer = {'i', 'd', 'r', 'c'}, {}
  for at = 6, #ARGV, 3 do
    fields[#fields + 1] = 'v:' .. ARGV[at]
    fields[#fields + 1] = 't:' .. ARGV[at + 1]
    local token = redis.call('HGET', key, 'v:' .. ARGV[at])
    if token then fields[#fields + 1] = 't:' .. token end
  end
  for _, name in ipairs(fields) do
    local value = redis.call('HGET', key, name)
    if value then
      answer[#answer + 1] = name
      answer[#answer + 1] = value
    end
  end
  return answer
end

local function contradicted()
  for at = 6, #ARGV, 3 do
    local token = redis.call('HGET', key, 'v:' .. ARGV[at])
    if token then
      if token ~= ARGV[at + 1] then return true end
    elseif redis.call('HEXISTS', key, 't:' .. ARGV[at + 1]) == 1 then
      return true
    end
  end
  return false
end

if not held[1] then
  if dek == '' then return {0} end
  held[3] = time[1] .. string.format('.%06d', time[2])  -- the scope's life: no other one began in this microsecond
  redis.call('HSET', key, 'i', incarnation, 'd', dek, 'r', 0, 'c', held[3])
elseif revision ~= '' then
  if held[1] ~= incarnation or held[2] ~= revision then return {0, redis.call('HGETALL', key)} end
elseif held[1] ~= incarnation or contradicted() then
  return {0, touching()}
end
for at = 6, #ARGV, 3 do
  redis.call('HSET', key, 'v:' .. ARGV[at], ARGV[at + 1])
  redis.call('HSETNX', key, 't:' .. ARGV[at + 1], ARGV[at + 2])
end
if #ARGV > 5 then redis.call('HINCRBY', key, 'r', 1) end
local left = math.max(1, math.floor(math.min(idle, tonumber(held[3]) + maximum - now)))
local before = redis.call('PTTL', key) / 1000
if before < left - idle / 100 or before > left + 1 then redis.call('EXPIRE', key, left) end  -- see read.lua
return {1}
