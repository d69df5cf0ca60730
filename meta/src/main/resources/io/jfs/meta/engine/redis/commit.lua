-- One transaction, all or nothing: asks again everything that the client has observed, and writes
-- only if every answer is still the same. Otherwise returns the answers, so that the client's next
-- attempt needs no reads. Compares bytes and never does arithmetic: inodes are wider than a number.
-- What would fail is made to fail before the first write, for nothing is rolled back.
--
-- KEYS: every key that is touched, once each. ARGV: the plan, then the values of its steps in order.
-- A step is six bytes: command, key (two), number of arguments (two), use of the answer; see
-- Program.java, where the uses are listed. The line "local names", the commands by their number, is
-- put before this text by Script.java. First come the steps that ask (uses 0 to 5), then those that
-- validate (6 and 7), then those that write (8 and more).
-- Returns {1, answers that were to be told} when committed, {0, answers to the questions} on a
-- conflict.

local keys, args, call, byte = KEYS, ARGV, redis.call, string.byte
local plan, at = args[1], 1
local answers, told, unchanged, skip = {}, {}, true, 0

local function take()
  at = at + 1
  return args[at]
end

local function begins(answer, count)
  local same = #answer >= count
  for i = 1, count do
    if answer[i] ~= args[at + i] then
      same = false
    end
  end
  at = at + count
  return same
end

local function keep_lock_set(fields, lock, set, start)
  local command = 'SREM'
  for i = 1, #fields do
    if string.sub(fields[i], 1, #start) == start then
      command = 'SADD'
    end
  end
  call(command, set, lock)
end

for step = 1, #plan, 6 do
  local name, key1, key2, count1, count2, use = byte(plan, step, step + 5)
  local key, count = keys[key1 * 256 + key2], count1 * 256 + count2
  if use > 5 and not unchanged then
    break
  end

  local answer
  local first = at + 1
  at = at + count
  if skip > 0 then
    skip = skip - 1
  elseif count == 0 then
    answer = call(names[name], key)
  elseif count == 1 then
    answer = call(names[name], key, args[first])
  elseif count == 2 then
    answer = call(names[name], key, args[first], args[at])
  else
    answer = call(names[name], key, unpack(args, first, at))
  end

  if use <= 5 then
    answers[#answers + 1] = answer
    local same = true
    if use == 1 then
      same = answer == false
    elseif use == 2 then
      same = answer == take()
    elseif use == 3 then
      same = answer == tonumber(take())
    elseif use == 4 then
      local length = tonumber(take())
      same = begins(answer, length) and #answer == length
    elseif use == 5 then
      same = begins(answer, tonumber(take()))
    end
    unchanged = unchanged and same
  elseif use == 7 then
    if answer and not string.find(answer, '^%-?%d+$') then
      error('CORRUPTRECORD not a number: ' .. key)
    end
  elseif use == 9 then
    told[#told + 1] = answer
  elseif use == 10 then
    local steps = tonumber(take())
    skip = answer == 1 and 0 or steps
  elseif use == 11 then
    local set = keys[tonumber(take())]
    keep_lock_set(answer, key, set, take())
  end
end

if unchanged then
  return {1, told}
end
return {0, answers}
