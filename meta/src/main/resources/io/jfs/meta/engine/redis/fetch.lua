-- Several reads of one moment in one round trip, among them entries together with the attributes of
-- the inode that they name.
--
-- KEYS: every key that is known beforehand, once each. ARGV: the prefix of all keys, the plan, then
-- the values of its steps; steps are as in commit.lua, and so is the line "local names". The step
-- ENTRY stands for: the entry in this hash under this name, and the attributes behind it.
-- Returns the answers in order; that of ENTRY is a pair, its second part missing without an entry.

local keys, args, call, byte = KEYS, ARGV, redis.call, string.byte
local plan, at = args[2], 2
local answers = {}

for step = 1, #plan, 6 do
  local number, key1, key2, count1, count2 = byte(plan, step, step + 4)
  local name, key, count = names[number], keys[key1 * 256 + key2], count1 * 256 + count2
  local first = at + 1
  at = at + count
  local answer
  if name == 'ENTRY' then
    answer = {call('HGET', key, args[first])}
    if answer[1] and #answer[1] == 9 then
      answer[2] = call('GET', args[1] .. 'i' .. decimal(answer[1]))
    end
  elseif count == 0 then
    answer = call(name, key)
  elseif count == 1 then
    answer = call(name, key, args[first])
  else
    answer = call(name, key, unpack(args, first, at))
  end
  answers[#answers + 1] = answer
end
return answers
